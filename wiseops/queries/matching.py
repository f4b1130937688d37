"""How many accounts meet conditions right now: domain.automation.matching as one set-based query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, collate, func, select

from wiseops.domain.entries import ANCHOR_KINDS
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Entry


def count(conditions: Conditions, today: date) -> int:
    """The number of accounts that the conditions match on `today`, blocked and engaged ones included."""
    wanted = list(_of_account(conditions))
    query = select(func.count()).select_from(Account).where(*wanted)
    if conditions.asks_ledger:
        query = query.where(Account.id.in_(_overdue(conditions, today, wanted)))
    return db.session.scalar(query) or 0


def _of_account(conditions: Conditions) -> Iterable[ColumnElement[bool]]:
    if conditions.tags:
        yield Account.id.in_(select(AccountTag.account_id).where(AccountTag.tag.in_(sorted(conditions.tags))))
    if conditions.countries:
        yield Account.country.in_(sorted(conditions.countries))
    if conditions.languages:
        yield Account.language.in_(sorted(conditions.languages))
    if conditions.kind:
        yield Account.kind == conditions.kind


def _overdue(conditions: Conditions, today: date, wanted: list[ColumnElement[bool]]) -> Select[Any]:
    """Accounts with a currency that reaches its minimum and is overdue long enough."""
    items = _items(today, wanted)
    credit = (
        select(Entry.account_id, Entry.currency, func.sum(-Entry.open).label("amount"))
        .where(Entry.open < 0)
        .group_by(Entry.account_id, Entry.currency)
        .subquery()
    )
    uncovered = items.c.running - func.coalesce(credit.c.amount, 0)
    left = case((uncovered > items.c.open, items.c.open), else_=uncovered)
    query = (
        select(items.c.account_id)
        .outerjoin(credit, (credit.c.account_id == items.c.account_id) & (credit.c.currency == items.c.currency))
        .where(items.c.kind.in_(sorted(ANCHOR_KINDS)), uncovered > 0)
        .group_by(items.c.account_id, items.c.currency)
    )
    if conditions.minimum:
        least = case(dict(conditions.minimum), value=items.c.currency, else_=0)
        query = query.having(func.sum(left) >= least)
    if conditions.days_overdue is not None:
        query = query.having(func.min(items.c.due_on) <= today - timedelta(days=conditions.days_overdue))
    return query


def _items(today: date, wanted: list[ColumnElement[bool]]) -> Subquery:
    """Overdue debits with the running sum of their currency, oldest first: credit is taken in that order."""
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    number = collate(Entry.number, "C") if is_postgres else Entry.number
    running = func.sum(Entry.open).over(
        partition_by=(Entry.account_id, Entry.currency),
        order_by=(Entry.due_on, Entry.issued_on, number, Entry.id),
        rows=(None, 0),
    )
    query = select(
        Entry.account_id, Entry.currency, Entry.kind, Entry.due_on, Entry.open, running.label("running")
    ).where(Entry.open > 0, Entry.due_on < today)
    if wanted:
        query = query.join(Account, Account.id == Entry.account_id).where(*wanted)
    return query.subquery()
