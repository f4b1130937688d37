"""How many accounts meet conditions right now: domain.automation.matching as one set-based query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, case, collate, func, select, union_all

from wiseops.domain.entries import ANCHOR_KINDS
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Entry

_ANCHORS = sorted(ANCHOR_KINDS)


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


def _overdue(conditions: Conditions, today: date, wanted: list[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Accounts with a currency that reaches its minimum and is overdue long enough; credit, where any, taken first."""
    credited = select(Entry.account_id).where(Entry.open < 0)
    plain = _debits(today, wanted).where(Entry.kind.in_(_ANCHORS), Entry.account_id.not_in(credited))
    due_on, left = Entry.due_on, Entry.open
    if conditions.minimum:
        whole = _long_enough(conditions, today, plain.group_by(Entry.account_id, Entry.currency), due_on)
        whole = whole.having(func.sum(left) >= _least(conditions, Entry.currency))
    else:
        whole = plain.where(due_on <= today - timedelta(days=conditions.days_overdue or 1))
    items = _running(today, [*wanted, Entry.account_id.in_(credited)])
    return union_all(whole, _after_credit(conditions, today, items))


def _after_credit(conditions: Conditions, today: date, items: Subquery) -> Select[int]:
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
        .where(items.c.kind.in_(_ANCHORS), uncovered > 0)
        .group_by(items.c.account_id, items.c.currency)
    )
    if conditions.minimum:
        query = query.having(func.sum(left) >= _least(conditions, items.c.currency))
    return _long_enough(conditions, today, query, items.c.due_on)


def _long_enough(conditions: Conditions, today: date, query: Select[int], due_on: Any) -> Select[int]:
    if conditions.days_overdue is None:
        return query
    return query.having(func.min(due_on) <= today - timedelta(days=conditions.days_overdue))


def _least(conditions: Conditions, currency: Any) -> Any:
    return case(dict(conditions.minimum), value=currency, else_=0)


def _debits(today: date, wanted: list[ColumnElement[bool]]) -> Select[int]:
    query = select(Entry.account_id).where(Entry.open > 0, Entry.due_on < today)
    return query.join(Account, Account.id == Entry.account_id).where(*wanted) if wanted else query


def _running(today: date, wanted: list[ColumnElement[bool]]) -> Subquery:
    """Overdue debits with the running sum of their currency, oldest first: credit is taken in that order."""
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    number = collate(Entry.number, "C") if is_postgres else Entry.number
    running = func.sum(Entry.open).over(
        partition_by=(Entry.account_id, Entry.currency),
        order_by=(Entry.due_on, Entry.issued_on, number, Entry.id),
        rows=(None, 0),
    )
    columns = Entry.currency, Entry.kind, Entry.due_on, Entry.open, running.label("running")
    return _debits(today, wanted).add_columns(*columns).subquery()
