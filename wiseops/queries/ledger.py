"""The ledger as of a day, over every account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from wiseops.extensions import db
from wiseops.models import Allocation, Entry


@dataclass(frozen=True, slots=True)
class OpenDebits:
    """Open debits of one currency in minor units; credits are not netted."""

    currency: str
    count: int
    amount: int
    past_due_count: int
    past_due_amount: int


def open_debits(on: date) -> list[OpenDebits]:
    """Debits issued on or before the day, less what was allocated to them by then, where any is left."""
    taken = (
        select(Allocation.debit_id, func.sum(Allocation.amount).label("amount"))
        .where(Allocation.effective_on <= on)
        .group_by(Allocation.debit_id)
        .subquery()
    )
    left = Entry.amount - func.coalesce(taken.c.amount, 0)
    is_past_due = Entry.due_on < on
    rows = db.session.execute(
        select(
            Entry.currency,
            func.count(),
            func.sum(left),
            func.count(case((is_past_due, 1))),
            func.coalesce(func.sum(case((is_past_due, left))), 0),
        )
        .join(taken, taken.c.debit_id == Entry.id, isouter=True)
        .where(Entry.amount > 0, Entry.issued_on <= on, left > 0)
        .group_by(Entry.currency)
        .order_by(Entry.currency)
    )
    return [OpenDebits(row[0], row[1], int(row[2]), row[3], int(row[4])) for row in rows]
