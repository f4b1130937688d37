"""Reads payments as decisions see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from wiseops.extensions import db
from wiseops.models import Allocation, Entry


@dataclass(slots=True)
class Payment:
    """A payment not reversed; `debits` the due dates of what it was allocated to, by entry id."""

    posted_at: datetime
    is_unallocated: bool
    debits: dict[int, date] = field(default_factory=dict)

    def touches_overdue(self, day: date) -> bool:
        """Whether any part of it went to an item overdue on `day`; unallocated money counts against the oldest."""
        return self.is_unallocated or any(due_on < day for due_on in self.debits.values())


def load(account_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """Payments by account id, oldest first."""
    payment, debit, reversal = aliased(Entry), aliased(Entry), aliased(Entry)
    allocated = func.sum(Allocation.amount)
    rows = db.session.execute(
        select(payment.account_id, payment.id, payment.posted_at, payment.open, debit.id, debit.due_on)
        .outerjoin(Allocation, Allocation.credit_id == payment.id)
        .outerjoin(debit, debit.id == Allocation.debit_id)
        .where(payment.account_id.in_(account_ids), payment.kind == "payment")
        .where(~select(reversal.id).where(reversal.reverses_id == payment.id).exists())
        .group_by(payment.id, debit.id)
        .having(or_(allocated.is_(None), allocated > 0))
        .order_by(payment.posted_at, payment.id)
    )
    gathered: dict[int, tuple[int, Payment]] = {}
    for account_id, payment_id, posted_at, still_open, debit_id, due_on in rows:
        _, found = gathered.setdefault(payment_id, (account_id, Payment(posted_at, still_open < 0)))
        if debit_id is not None:
            found.debits[debit_id] = due_on
    payments: dict[int, list[Payment]] = defaultdict(list)
    for account_id, found in gathered.values():
        payments[account_id].append(found)
    return payments
