"""Promises to pay: what we accept, what one covers, and whether it was kept, as the ledger says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from wiseops.domain.entries import Item
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money

GRACE_DAYS = 2
LONGEST_DAYS = 30
MOST_PARTS = 12


class Status(StrEnum):
    """What became of a promise. A person cancels or replaces it; the rest is judged."""

    OPEN = "open"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    PART_KEPT = "part_kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


MISSED = frozenset({Status.BROKEN, Status.PART_KEPT})


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment, minor units; a promise without instalments is one part.

    `excused`: what could not be paid, when its day was over, of all that was promised up to it.
    """

    amount: int
    due_on: date
    excused: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was allocated to what was promised, on a day, since it was; negative where that was undone."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Promise:
    """An open promise: parts by day. `items` None: over the balance, as it was when `last_entry_id` was the newest.

    `excused` is what nobody can pay of it, since disputes keep it: that is not asked for while they do.
    """

    id: int
    currency: str
    parts: tuple[Part, ...]
    last_entry_id: int
    items: frozenset[int] | None = None
    receipts: tuple[Receipt, ...] = ()
    assignee_id: int | None = None
    excused: int = 0

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def due_on(self) -> date:
        """The day of its last part."""
        return self.parts[-1].due_on

    @property
    def received(self) -> int:
        return max(0, sum(receipt.amount for receipt in self.receipts))

    @property
    def left(self) -> int:
        """What it still covers."""
        return max(0, self.amount - self.received)

    @property
    def unpaid(self) -> list[tuple[int, Part]]:
        """The parts that are not paid yet, with their place from 1."""
        return [(place, part) for place, (part, due) in enumerate(self.steps(), 1) if self.received < due]

    def steps(self) -> Iterator[tuple[Part, int]]:
        """Each part with all that is promised up to its day, and can be paid."""
        most = self.amount - self.excused
        sums = accumulate(part.amount for part in self.parts)
        return ((part, min(due - part.excused, most)) for part, due in zip(self.parts, sums, strict=True))

    def covers(self, item: Item) -> bool:
        """Whether it speaks of this item; one over the balance does not of what came later."""
        if item.currency != self.currency:
            return False
        return item.id <= self.last_entry_id if self.items is None else item.id in self.items


class Cover:
    """Lays promises over items that are shown to it oldest first."""

    def __init__(self, promises: Iterable[Promise]) -> None:
        self._left = {promise: promise.left for promise in promises}

    def take(self, item: Item, room: int) -> int:
        """How much is promised of `room`, the part of the item that nothing else keeps."""
        taken = 0
        for promise, left in self._left.items():
            if promise.covers(item):
                part = min(left, room - taken)
                self._left[promise] = left - part
                taken += part
        return taken


def judge(promise: Promise, today: date, grace: int) -> Status:
    """Open, or what became of it. A part counts when all up to it was received by its day, or late within `grace`.

    Where all of it was excused, it says nothing of the customer.
    """
    is_late, due = False, 0
    for part, due in promise.steps():
        last = part.due_on + timedelta(days=grace)
        if _received_by(promise, last) < due and today > last:
            return Status.PART_KEPT if promise.received else Status.BROKEN
        is_late = is_late or _received_by(promise, part.due_on) < due
    if promise.left and (promise.received < due or today <= promise.due_on):
        return Status.OPEN
    if not promise.received:
        return Status.CANCELLED
    return Status.KEPT_LATE if is_late else Status.KEPT


def excusing(promise: Promise, today: date) -> Iterator[tuple[int, int]]:
    """(place from 0, amount) of each part whose day is over, and of which more cannot be paid than was known."""
    due = 0
    for place, part in enumerate(promise.parts):
        due += part.amount
        excused = due - (promise.amount - promise.excused)
        if part.due_on < today and excused > part.excused:
            yield place, excused


def breaks_on(promise: Promise, grace: int) -> date:
    """The day on which it is broken unless its next part is paid."""
    lasts = ((part.due_on + timedelta(days=grace), due) for part, due in promise.steps())
    missed = (last for last, due in lasts if _received_by(promise, last) < due)
    return next(missed, promise.due_on + timedelta(days=grace)) + timedelta(days=1)


def check(parts: Sequence[Part], *, currency: str, collectable: int, today: date, longest: int) -> tuple[Part, ...]:
    """The parts, if they can be promised. Refused on `amount_0_DKK` or `due_on_0`: the part's place, the currency."""
    if not parts:
        raise Refused("Say how much is promised.", f"amount_0_{currency}")
    if len(parts) > MOST_PARTS:
        raise Refused(f"Use at most {MOST_PARTS} instalments.", "count")
    latest = today + timedelta(days=longest)
    for place, part in enumerate(parts):
        if part.amount <= 0:
            raise Refused("Promise more than nothing.", f"amount_{place}_{currency}")
        if part.due_on < today:
            raise Refused("This day is past.", f"due_on_{place}")
        if part.due_on > latest:
            raise Refused(f"At most {longest} days ahead: {latest.isoformat()} is the last.", f"due_on_{place}")
        if place and part.due_on <= parts[place - 1].due_on:
            raise Refused("Each instalment needs a later day than the one before.", f"due_on_{place}")
    total = sum(part.amount for part in parts)
    if total > collectable:
        most = Money(collectable, currency)
        message = f"At most {most} can be promised: what is overdue and neither disputed nor kept otherwise."
        raise Refused(message, f"amount_{len(parts) - 1}_{currency}")
    return tuple(parts)


def propose(total: int, first_on: date, count: int, every: int) -> tuple[Part, ...]:
    """`count` instalments of one size, `every` so many days; what does not divide goes to the last."""
    count = min(max(count, 1), MOST_PARTS)
    share = total // count
    last = total - share * (count - 1)
    step = timedelta(days=max(every, 1))
    return tuple(Part(share if n < count - 1 else last, first_on + n * step) for n in range(count))


def _received_by(promise: Promise, day: date) -> int:
    return sum(receipt.amount for receipt in promise.receipts if receipt.on <= day)
