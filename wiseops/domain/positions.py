"""What an account owes per currency, and which part of each item may be demanded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wiseops.domain.disputes import Dispute, lay, resting
from wiseops.domain.entries import Item
from wiseops.domain.promises import Cover, Promise


@dataclass(frozen=True, slots=True)
class Position:
    """One currency of one account, minor units, never below 0."""

    balance: int
    overdue: int
    collectable: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One item today: `overdue` after unallocated credit, `collectable` of that, and what keeps the rest."""

    item: Item
    overdue: int
    collectable: int
    kept_by: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """An account's open debits, oldest first, as they stand on a day."""

    positions: Mapping[str, Position]
    standings: tuple[Standing, ...]
    overdue: tuple[Standing, ...]

    @property
    def overdue_since(self) -> date | None:
        """The due date of the oldest item overdue."""
        return self.overdue[0].item.due_on if self.overdue else None

    @property
    def is_clear(self) -> bool:
        """Nothing is owed in any currency."""
        return all(position.balance == 0 for position in self.positions.values())


def stand(
    items: Collection[Item],
    credit: Mapping[str, int],
    today: date,
    promises: Collection[Promise] = (),
    disputes: Collection[Dispute] = (),
) -> Book:
    """The book on `today`; unallocated `credit` (minor units per currency) is taken against the oldest overdue.

    `disputes` keep their parts of their items, which credit takes last; open `promises` cover what is left then, the
    oldest first.
    """
    laid = sorted(lay(items, disputes), key=_order)
    taken_of = _spread(laid, credit, today, disputes)
    cover = Cover(promises) if promises else None
    sums: dict[str, list[int]] = {code: [-amount, 0, 0] for code, amount in credit.items()}
    standings = []
    for item in laid:
        total = sums.setdefault(item.currency, [0, 0, 0])
        total[0] += item.open
        if item.due_on >= today:
            standings.append(Standing(item, 0, 0, None))
            continue
        taken = taken_of.get(item.id, 0)
        if cover is not None:
            rest = max(0, item.open - taken - item.on_case - item.disputed - item.pending)
            item = replace(item, promised=cover.take(item, rest))
        standing = _deduct(item, item.open - taken)
        total[1] += standing.overdue
        total[2] += standing.collectable
        standings.append(standing)
    positions = {code: Position(max(0, t[0]), t[1], t[2]) for code, t in sums.items()}
    return Book(positions, tuple(standings), tuple(s for s in standings if s.overdue))


def _spread(
    items: Sequence[Item], credit: Mapping[str, int], today: date, disputes: Collection[Dispute]
) -> dict[int, int]:
    """How much credit each item overdue takes, oldest first; what rests because of a dispute noted here takes last."""
    left = {code: amount for code, amount in credit.items() if amount > 0}
    if not left:
        return {}
    overdue = [item for item in items if item.due_on < today]
    kept = resting(overdue, disputes) if disputes else {}
    taken: dict[int, int] = {}
    for spares in (True, False) if kept else (False,):
        for item in overdue:
            before = taken.get(item.id, 0)
            free = item.open - before - (kept.get(item.id, 0) if spares else 0)
            if amount := min(free, left.get(item.currency, 0)):
                taken[item.id] = before + amount
                left[item.currency] -= amount
    return taken


def _order(item: Item) -> tuple[date, date, str]:
    return item.order


def _deduct(item: Item, overdue: int) -> Standing:
    """Case, dispute, pending debit, promise, in that order, so that nothing is deducted twice."""
    rest, kept_by = overdue, None
    if item.on_case or item.disputed or item.pending or item.promised:
        for name, amount in (
            ("case", item.on_case),
            ("dispute", item.disputed),
            ("debit", item.pending),
            ("promise", item.promised),
        ):
            if amount and rest:
                rest = max(0, rest - amount)
                kept_by = kept_by or name
    return Standing(item, overdue, rest, kept_by)
