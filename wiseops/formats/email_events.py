"""What a mail service says became of an e-mail, in one shape whoever says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wiseops.domain.messages import Status
from wiseops.domain.suppressions import Reason

_MESSAGE_ID = re.compile(r"<?([^<>@\s]{1,100})@[^<>@\s]+>?")


@dataclass(frozen=True, slots=True)
class EmailEvent:
    """Neither `status` nor `reason`: only kept. `refs`: what may be our own reference.

    `resubscribed` ends what the person asked for, not a bounce. `soft`: it came back, perhaps not next time.
    """

    event_id: str
    kind: str
    address: str
    refs: tuple[str, ...]
    provider_id: str
    status: Status | None = None
    reason: Reason | None = None
    detail: str = ""
    resubscribed: bool = False
    soft: bool = False


def local_part(message_id: str) -> str:
    """<ref@example.com> → ref: our Message-IDs begin with our own reference."""
    found = _MESSAGE_ID.fullmatch(message_id)
    return found[1] if found else ""
