"""Where a replay's messages go: nowhere. What left stands in the working copy."""

from __future__ import annotations

from wiseops.domain.messages import CHANNELS, Outbound


class Recorder:
    """A sender that takes everything and reaches nobody."""

    name = "recorder"
    reaches_people = False

    def send(self, outbound: Outbound) -> str:
        """Our own reference serves as the backend's."""
        return outbound.ref


SENDERS = dict.fromkeys(CHANNELS, Recorder())
