"""What was decided, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from wiseops.domain.positions import Book


class Stage(StrEnum):
    """Where an account stands; the first true line of design wins."""

    BLOCKED = "blocked"
    CLEAR = "clear"
    FOLLOW_UP = "follow_up"
    ENGAGED = "engaged"
    SCHEDULED = "scheduled"
    OUTSTANDING = "outstanding"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with facts (dates and names, never ages). JSON values only."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.facts}


@dataclass(frozen=True, slots=True)
class End:
    """The open engagement ends: `settled`, `lapsed` (nothing ever left) or `gave_way`."""

    why: str
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    """A settled engagement goes on where it stood: a payment was reversed."""

    engagement_id: int


@dataclass(frozen=True, slots=True)
class Open:
    """A plan matched these items."""

    plan_id: int
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class Start:
    """Step 1's moment has come: these are the anchors from now on."""

    anchors: frozenset[int]


@dataclass(frozen=True, slots=True)
class AddAnchors:
    """Items of an earlier engagement came back through a reversal."""

    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class Queue:
    """A message may go now."""

    step: int
    channel: str


@dataclass(frozen=True, slots=True)
class MakeTask:
    """A person has something to do; `key` makes it once only."""

    kind: str
    key: str
    due_on: date
    step: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    assignee_id: int | None = None


@dataclass(frozen=True, slots=True)
class DropTask:
    """What it asks for has happened by itself."""

    key: str


@dataclass(frozen=True, slots=True)
class Judge:
    """A promise is over: what became of it, and what was received."""

    promise_id: int
    status: str
    received: int


@dataclass(frozen=True, slots=True)
class Excuse:
    """The day of a part is over, and so much of what was promised up to it could not be paid."""

    promise_id: int
    place: int
    amount: int


@dataclass(frozen=True, slots=True)
class Settle:
    """The ledger ended a dispute, or brought one back that it had ended."""

    dispute_id: int
    status: str


@dataclass(frozen=True, slots=True)
class PassOver:
    """No channel for this step, but a later one has: it counts as done."""

    step: int


@dataclass(frozen=True, slots=True)
class NoChannel:
    """No step has a channel; None: one has again."""

    since: date | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The process is finished and a person is in charge."""

    why: str


Effect = (
    End
    | Reopen
    | Open
    | Start
    | AddAnchors
    | Queue
    | MakeTask
    | DropTask
    | Judge
    | Excuse
    | Settle
    | PassOver
    | NoChannel
    | FollowUp
)


@dataclass(frozen=True, slots=True)
class Decision:
    """`wake_at` is the earliest moment at which the clock alone could change any of this; None: never."""

    stage: Stage
    plan_id: int | None
    step: int | None
    send_at: datetime | None
    held: str | None
    reasons: tuple[Reason, ...]
    wake_at: datetime | None
    book: Book
    effects: tuple[Effect, ...] = ()

    def queued(self) -> Iterator[Queue]:
        """The messages that may leave now."""
        return (effect for effect in self.effects if isinstance(effect, Queue))

    def amounts(self) -> dict[str, tuple[int, int, int]]:
        """(balance, overdue, collectable) in minor units, per currency in which anything is owed."""
        return {
            code: (position.balance, position.overdue, position.collectable)
            for code, position in self.book.positions.items()
            if position.balance or position.overdue
        }
