"""Replies that wait, of the accounts of a list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from wiseops.domain.worklist import Kind, Signal
from wiseops.extensions import db
from wiseops.models import Account, Reply
from wiseops.queries.replies import WAITS
from wiseops.queries.worklist.scopes import MOST, Scope


def signals(scope: Scope, zone: ZoneInfo) -> Iterator[Signal]:
    """One for each account, since its oldest."""
    first = func.min(Reply.received_at)
    query: Any = select(Reply.account_id, first, func.count()).join(Account, Account.id == Reply.account_id)
    query = query.where(WAITS, scope.owns(Account.owner_id)).group_by(Reply.account_id)
    for account_id, since, count in db.session.execute(query.order_by(first, Reply.account_id).limit(MOST)):
        yield Signal(account_id, Kind.REPLY, since.astimezone(zone).date(), count=count)


def loads(zone: ZoneInfo) -> Iterator[tuple[int | None, Kind, int, date]]:
    """(owner, kind, accounts, since) of everyone."""
    query = select(Account.owner_id, func.count(Account.id.distinct()), func.min(Reply.received_at))
    query = query.join(Reply, Reply.account_id == Account.id).where(WAITS).group_by(Account.owner_id)
    for owner_id, count, since in db.session.execute(query):
        yield owner_id, Kind.REPLY, count, since.astimezone(zone).date()


def said(account_ids: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """The latest that waits of each of these accounts, and when it came."""
    last: Any = select(func.max(Reply.id)).where(Reply.account_id.in_(account_ids), WAITS).group_by(Reply.account_id)
    query = select(Reply.account_id, Reply.body, Reply.subject, Reply.received_at).where(Reply.id.in_(last))
    return {key: (body or subject, at) for key, body, subject, at in db.session.execute(query) if key is not None}
