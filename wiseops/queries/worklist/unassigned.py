"""Accounts that are being reminded, or were, and have no collector: for anybody to take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select

from wiseops.domain.worklist import Kind, Signal
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries.worklist.scopes import MOST, Scope

_IS_FREE: Any = Account.owner_id.is_(None) & Account.stage.in_(("engaged", "follow_up"))


def signals(scope: Scope) -> Iterator[Signal]:
    """One for each account, since it has been overdue; none on a person's own list."""
    if not scope.takes_unassigned:
        return
    query = select(Account.id).where(_IS_FREE, scope.is_awake()).order_by(Account.overdue_since, Account.id)
    for account_id in db.session.scalars(query.limit(MOST)):
        yield Signal(account_id, Kind.UNASSIGNED, scope.today)


def loads(today: date) -> Iterator[tuple[int | None, Kind, int, date]]:
    """(nobody, kind, accounts, today)."""
    count = db.session.scalar(select(func.count()).where(_IS_FREE, Scope("all", today).is_awake())) or 0
    if count:
        yield None, Kind.UNASSIGNED, count, today
