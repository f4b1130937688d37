"""The ledger as of a day, over every account or a selection of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Subquery, func, select

from wiseops.extensions import db
from wiseops.models import Allocation, Entry
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
    """The open debits of one currency due on a day."""

    currency: str
    due_on: date
    count: int
    amount: int


def open_debits(on: date) -> list[OpenDebits]:
    """Open debits as of the day, and which of them were due before it."""
    found: dict[str, list[DueDay]] = defaultdict(list)
    for row in by_due_day(on):
        found[row.currency].append(row)
    return [_added_up(currency, rows, on) for currency, rows in found.items()]


def by_due_day(on: date, selection: Selection = ALL) -> list[DueDay]:
    """Debits issued on or before the day, less what was allocated to them by then, where any is left."""
    taken = _allocated(Allocation.debit_id, on)
    left = Entry.amount - func.coalesce(taken.c.amount, 0)
    rows = db.session.execute(
        select(Entry.currency, Entry.due_on, func.count(), func.sum(left))
        .join(taken, taken.c.entry_id == Entry.id, isouter=True)
        .where(Entry.amount > 0, Entry.issued_on <= on, left > 0, *selection.of(Entry.account_id))
        .group_by(Entry.currency, Entry.due_on)
        .order_by(Entry.currency, Entry.due_on)
    )
    return [DueDay(currency, due_on, count, int(amount)) for currency, due_on, count, amount in rows]


def unallocated(on: date, selection: Selection = ALL) -> dict[str, int]:
    """What credits issued on or before the day had left by then, positive minor units per currency."""
    given = _allocated(Allocation.credit_id, on)
    left = -Entry.amount - func.coalesce(given.c.amount, 0)
    rows = db.session.execute(
        select(Entry.currency, func.sum(left))
        .join(given, given.c.entry_id == Entry.id, isouter=True)
        .where(Entry.amount < 0, Entry.issued_on <= on, left > 0, *selection.of(Entry.account_id))
        .group_by(Entry.currency)
    )
    return {currency: int(amount) for currency, amount in rows}


def _allocated(column: Any, on: date) -> Subquery:
    """By the day, per entry of that side."""
    return (
        select(column.label("entry_id"), func.sum(Allocation.amount).label("amount"))
        .where(Allocation.effective_on <= on)
        .group_by(column)
        .subquery()
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
