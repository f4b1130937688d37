"""The ledger as of a day, over every account or a selection of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, exists, func, select, union_all

from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.queries.entries import IS_OPEN
from wiseops.queries.selections import ALL, Selection


@dataclass(frozen=True, slots=True)
class OpenDebits:
    """Open debits of one currency in minor units; credits are not netted."""

    currency: str
    count: int
    amount: int
    past_due_count: int
    past_due_amount: int


@dataclass(frozen=True, slots=True)
class DueDay:
    """What was open of one currency and due on a day, minor units: debits, and `credit` that paid nothing yet."""

    currency: str
    due_on: date
    count: int
    amount: int
    credit: int


def open_debits(on: date) -> list[OpenDebits]:
    """Open debits as of the day, and which of them were due before it."""
    found: dict[str, list[DueDay]] = defaultdict(list)
    for row in by_due_day(on):
        if row.count:
            found[row.currency].append(row)
    return [_added_up(currency, rows, on) for currency, rows in found.items()]


def by_due_day(on: date, selection: Selection = ALL) -> list[DueDay]:
    """Entries issued on or before the day: what is open of them now, and what was allocated only after it."""
    sums: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    queries = [_open_now()]
    if db.session.scalar(select(exists().where(Allocation.effective_on > on))):
        queries.append(_allocated_since(on))
    for query in queries:
        # A bare column would send SQLite from account to account instead of once along the index.
        issued = query.where(Entry.issued_on <= on, *selection.of(Entry.account_id + 0))
        for currency, due_on, *parts in db.session.execute(issued.group_by(Entry.currency, Entry.due_on)):
            key = currency, due_on
            sums[key] = [total + int(part) for total, part in zip(sums[key], parts, strict=True)]
    return [DueDay(*key, *sums[key]) for key in sorted(sums) if any(sums[key])]


def _open_now() -> Select[Any]:
    """Served by the index of open entries by due date alone."""
    sums = [func.sum(part) for part in _parts(Entry.open)]
    return select(Entry.currency, Entry.due_on, *sums).where(IS_OPEN)


def _allocated_since(on: date) -> Select[Any]:
    """What was open at the end of the day beyond what is open now; less where an allocation was undone since."""
    sides = union_all(
        *(
            select(entry_id.label("entry_id"), amount.label("amount")).where(Allocation.effective_on > on)
            for entry_id, amount in (
                (Allocation.debit_id, Allocation.amount),
                (Allocation.credit_id, -Allocation.amount),
            )
        )
    ).subquery()
    since = select(sides.c.entry_id, func.sum(sides.c.amount).label("amount")).group_by(sides.c.entry_id).subquery()
    then, now = _parts(Entry.open + since.c.amount), _parts(Entry.open)
    sums = [func.sum(one - other) for one, other in zip(then, now, strict=True)]
    return select(Entry.currency, Entry.due_on, *sums).join(since, since.c.entry_id == Entry.id)


def _parts(left: Any) -> tuple[Any, Any, Any]:
    """What is left of an entry as one of the debits, as their amount, and as credit."""
    return (
        case((left > 0, 1), else_=0),
        case((left > 0, left), else_=0),
        case((left < 0, -left), else_=0),
    )


def _added_up(currency: str, rows: Sequence[DueDay], on: date) -> OpenDebits:
    late = [row for row in rows if row.due_on < on]
    return OpenDebits(
        currency,
        sum(row.count for row in rows),
        sum(row.amount for row in rows),
        sum(row.count for row in late),
        sum(row.amount for row in late),
    )
