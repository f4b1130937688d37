"""Messages on their way out: what is handed to a sender, how it may fail, and which way a status moves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

CHANNELS = ("sms", "email")
DEADLINE = 30.0
"""Seconds in which a sender answers or fails, whatever the network does."""

SLICES: Mapping[str, int] = {"sms": 1, "email": 10}
"""How many messages of a channel are on the wire of one worker at most."""

MOST_ATTEMPTS = 8
PATIENCE = 3
"""Unclear answers in a row after which a channel rests; a time-out alone weighs as much."""

_BACK_OFF = (1, 5, 15, 60, 240)
_RESTS = (1, 5, 15)


class Status(StrEnum):
    """Where a message is; see MOVES."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


_S = Status
MOVES: Mapping[Status, frozenset[Status]] = {
    _S.QUEUED: frozenset({_S.CLAIMED, _S.CANCELLED}),
    _S.CLAIMED: frozenset({_S.QUEUED, _S.SENDING, _S.CANCELLED, _S.FAILED}),
    _S.SENDING: frozenset({_S.QUEUED, _S.CANCELLED, _S.SENT, _S.FAILED, _S.UNKNOWN, _S.DELIVERED, _S.UNDELIVERED}),
    _S.UNKNOWN: frozenset({_S.SENT, _S.FAILED, _S.DELIVERED, _S.UNDELIVERED}),
    _S.SENT: frozenset({_S.DELIVERED, _S.UNDELIVERED}),
    _S.DELIVERED: frozenset({_S.UNDELIVERED}),
    _S.UNDELIVERED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""Forward only. A message that may have been accepted never goes back to queued; bad news comes after good:
a mailbox that took an e-mail may return it an hour later."""


def before(status: Status) -> tuple[Status, ...]:
    """The statuses from which a message may become `status`."""
    return tuple(earlier for earlier, later in MOVES.items() if status in later)


class Failure(StrEnum):
    """What a sender knows about a message that it could not hand over."""

    REJECTED = "rejected"
    TRY_LATER = "try_later"
    CHANNEL = "channel"
    UNKNOWN = "unknown"


class SendFailed(Exception):
    """REJECTED: never accepted, for good. TRY_LATER: certainly not accepted. CHANNEL: nothing will be, stop it.

    UNKNOWN: it may have been accepted. `detail` is shown to a person and holds no address or text; `timed_out` where
    nobody answered until the deadline. `retry_after` are the seconds that the provider asks for, 0: it did not say.
    """

    def __init__(self, failure: Failure, detail: str, *, timed_out: bool = False, retry_after: int = 0) -> None:
        super().__init__(f"{failure}: {detail}")
        self.failure = failure
        self.detail = detail[:200]
        self.timed_out = timed_out
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message as it leaves. `ref` is ours, `at` its moment; an empty sender is the backend's default.

    `unsubscribe_url` takes the address off our list; `in_reply_to` is the Message-ID that an e-mail answers.
    """

    ref: str
    channel: str
    to: str
    subject: str
    body: str
    at: datetime
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    cc: tuple[str, ...] = ()
    automated: bool = False
    unsubscribe_url: str = ""
    in_reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a backend said when it took a message: its own id, and what is worth telling a person."""

    provider_id: str
    note: str = ""


class Sender(Protocol):
    """A backend of one channel. Not `reaches_people`: a file, a recorder; those need no pacing and no trial."""

    @property
    def name(self) -> str: ...
    @property
    def reaches_people(self) -> bool: ...

    def send(self, outbound: Outbound) -> Accepted:
        """Hands it over within DEADLINE. Raises SendFailed, nothing else."""
        ...


def slice_size(channel: str, per_second: int) -> int:
    """How many go together: those whose turn comes while calls of one slice may still begin."""
    return max(1, min(SLICES[channel], per_second // 2))


def retry_at(attempts: int, now: datetime, *, retry_after: int = 0) -> datetime:
    """When to try again what was refused `attempts` times: not before the provider asks for, within reason."""
    own = timedelta(minutes=_BACK_OFF[min(attempts, len(_BACK_OFF)) - 1])
    longest = timedelta(minutes=_BACK_OFF[-1])
    return now + max(own, min(timedelta(seconds=retry_after), longest))


def rests_until(unclear: int, now: datetime) -> datetime | None:
    """Until when a channel rests after that many unclear answers in a row, each time longer; None: it goes on."""
    times = min(unclear // PATIENCE, len(_RESTS))
    return now + timedelta(minutes=_RESTS[times - 1]) if times else None


def digest(subject: str, body: str) -> str:
    """The SHA-256 that a message's text is kept with."""
    return hashlib.sha256(f"{subject}\n\n{body}".encode()).hexdigest()
