"""Reads payments as decisions see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from sqlalchemy import Select, Table, func, or_, select

from wiseops.models import Allocation, Entry
from wiseops.queries.among import among, rows_of

_ENTRIES = cast(Table, Entry.__table__)


@dataclass(slots=True)
class Payment:
    """A payment not reversed; `debits` the due dates of what it was allocated to, by entry id."""

    posted_at: datetime
    is_unallocated: bool
    debits: dict[int, date] = field(default_factory=dict)

    def touches_overdue(self, day: date) -> bool:
        """Whether any part of it went to an item overdue on `day`; unallocated money counts against the oldest."""
        return self.is_unallocated or any(due_on < day for due_on in self.debits.values())


def _payments() -> Select[int, int, datetime, int, int, date]:
    payment, debit, reversal = (table.alias() for table in (_ENTRIES,) * 3)
    allocated = func.sum(Allocation.amount)
    return (
        select(payment.c.account_id, payment.c.id, payment.c.posted_at, payment.c.open, debit.c.id, debit.c.due_on)
        .outerjoin(Allocation, Allocation.credit_id == payment.c.id)
        .outerjoin(debit, debit.c.id == Allocation.debit_id)
        .where(among(payment.c.account_id), payment.c.kind == "payment")
        .where(~select(reversal.c.id).where(reversal.c.reverses_id == payment.c.id).exists())
        .group_by(payment.c.id, debit.c.id)
        .having(or_(allocated.is_(None), allocated > 0))
        .order_by(payment.c.posted_at, payment.c.id)
    )


_PAYMENTS = _payments()
"""Built once: building it costs as much as running it for a few accounts."""


def load(account_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """Payments by account id, oldest first."""
    rows = rows_of(account_ids, _PAYMENTS)
    gathered: dict[int, tuple[int, Payment]] = {}
    for account_id, payment_id, posted_at, still_open, debit_id, due_on in rows:
        _, found = gathered.setdefault(payment_id, (account_id, Payment(posted_at, still_open < 0)))
        if debit_id is not None:
            found.debits[debit_id] = due_on
    payments: dict[int, list[Payment]] = defaultdict(list)
    for account_id, found in gathered.values():
        payments[account_id].append(found)
    return payments
