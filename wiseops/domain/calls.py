"""Calls that we start: what each leg says, what that makes of the whole, and what is proposed to note about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

DEADLINE = 8.0
"""Seconds in which a caller answers or fails: a person waits for it."""

RINGS = 30
"""Seconds for which each phone rings."""

LONGEST = timedelta(hours=2)


class Leg(StrEnum):
    """What became of one phone, in the order in which news counts: of two ends the later one here says more."""

    NOTHING = ""
    STARTED = "started"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        return _RANK[self] >= _RANK[Leg.COMPLETED]


_RANK = {leg: rank for rank, leg in enumerate(Leg)}


class State(StrEnum):
    """Where a call is: `ringing` our own phone, `answered` there and ringing the debtor's, `connected` both."""

    ASKED = "asked"
    UNKNOWN = "unknown"
    RINGING = "ringing"
    ANSWERED = "answered"
    CONNECTED = "connected"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"
    BUSY = "busy"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def has_ended(self) -> bool:
        return self in ENDS


ENDS = (State.COMPLETED, State.CANCELLED, State.UNANSWERED, State.BUSY, State.REJECTED, State.FAILED)
_PATIENCE: Mapping[State, timedelta] = {
    State.ASKED: timedelta(seconds=60),
    State.UNKNOWN: timedelta(seconds=90),
    State.RINGING: timedelta(seconds=2 * RINGS),
    State.ANSWERED: timedelta(seconds=2 * RINGS),
    State.CONNECTED: LONGEST,
}
"""After so long without news nobody waits for more."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a provider said when it took a call: its ids of our phone's leg and of the talk."""

    leg_id: str
    talk_id: str


class CallFailed(Exception):
    """No call was started, in words for a person; `unclear`: it may have been, and a phone may ring."""

    def __init__(self, detail: str, *, unclear: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail[:200]
        self.unclear = unclear


class Caller(Protocol):
    """What starts calls and ends them: it rings the collector first, then joins the debtor."""

    def call(self, ref: str, *, to_collector: str, to_debtor: str) -> Placed:
        """Starts it within DEADLINE, once. `ref` comes back with the news. Raises CallFailed, nothing else."""
        ...

    def hang_up(self, leg_id: str) -> None:
        """Ends our phone's leg, and the talk with it; one that is over stays so. Raises CallFailed, nothing else."""
        ...


def further(one: str, other: str) -> Leg:
    """Of two things said about a leg the one that counts, whichever came first."""
    return max(Leg(one), Leg(other), key=_RANK.__getitem__)


def state(asked: str, collector: str, debtor: str) -> State:
    """Where the call is: by its legs, and before they say anything by what became of asking (`asked`)."""
    ours, theirs = Leg(collector), Leg(debtor)
    if theirs.has_ended:
        return State(theirs)
    if ours.has_ended:
        if theirs is Leg.ANSWERED:
            return State.COMPLETED
        return State.CANCELLED if ours is Leg.COMPLETED or theirs else State(ours)
    if theirs is Leg.ANSWERED:
        return State.CONNECTED
    if theirs or ours is Leg.ANSWERED:
        return State.ANSWERED
    return State.RINGING if ours else State(asked)


def lasts(now_is: str, heard_at: datetime, now: datetime) -> bool:
    """Whether more may come: it has not ended, and the last news is not too old."""
    patience = _PATIENCE.get(State(now_is))
    return patience is not None and now < heard_at + patience


def disposition(debtor: str, *, answered: bool) -> str | None:
    """How the call went, as far as anybody can tell who did not listen; None where the debtor was never rung."""
    if answered:
        return "Spoke to Customer"
    return "No Answer" if Leg(debtor).has_ended else None
