"""Accounts in Follow-Up: a person decides how they go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from wiseops.domain.worklist import Kind, Signal
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries.worklist.scopes import MOST, Scope

_IS_REVIEWED: Any = Account.stage == "follow_up"


def signals(scope: Scope, zone: ZoneInfo) -> Iterator[Signal]:
    """One for each account, since it came there."""
    query = select(Account.id, Account.stage_since).where(_IS_REVIEWED, scope.debts())
    for account_id, since in db.session.execute(query.order_by(Account.stage_since, Account.id).limit(MOST)):
        yield Signal(account_id, Kind.REVIEW, since.astimezone(zone).date() if since else scope.today)


def loads(today: date, zone: ZoneInfo) -> Iterator[tuple[int | None, Kind, int, date]]:
    """(owner, kind, accounts, since) of everyone."""
    query = select(Account.owner_id, func.count(), func.min(Account.stage_since))
    query = query.where(_IS_REVIEWED, Scope("all", today).is_awake()).group_by(Account.owner_id)
    for owner_id, count, since in db.session.execute(query):
        yield owner_id, Kind.REVIEW, count, since.astimezone(zone).date() if since else today
