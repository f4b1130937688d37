"""Where a replay's messages go: nowhere. What left stands in the working copy."""

from __future__ import annotations

from wiseops.domain.messages import CHANNELS, Accepted, Outbound


class Recorder:
    """A sender that takes everything and reaches nobody."""

    name = "recorder"
    reaches_people = False

    def send(self, outbound: Outbound) -> Accepted:
        """Our own reference serves as the backend's."""
        return Accepted(outbound.ref)


SENDERS = dict.fromkeys(CHANNELS, Recorder())
