"""Tasks that are due, of a list: their assignee's, else the account's collector's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from wiseops.domain.worklist import Kind, Signal, kind_of_task
from wiseops.extensions import db
from wiseops.models import Account, Task
from wiseops.queries.worklist.scopes import MOST, Scope

_FOR_REMINDERS = ("call", "find_contact", "new_item")
_TOLD = Task.kind == "reply_waits"
WHOSE: Any = case((_TOLD, Task.assignee_id), else_=func.coalesce(Task.assignee_id, Account.owner_id))
"""What waited too long is no collector's own: managers have it."""


def signals(scope: Scope) -> Iterator[Signal]:
    """One for each task."""
    query = select(Task.account_id, Task.kind, Task.due_on, Task.id).join(Account, Account.id == Task.account_id)
    query = query.where(*_due(scope), _owned(scope)).order_by(Task.due_on, Task.id).limit(MOST)
    for account_id, kind, due_on, task_id in db.session.execute(query):
        yield Signal(account_id, kind_of_task(kind), due_on, task_id)


def loads(today: date) -> Iterator[tuple[int | None, Kind, int, date]]:
    """(whose, kind, accounts, since) of everyone."""
    query = select(WHOSE, Task.kind, func.count(Task.account_id.distinct()), func.min(Task.due_on))
    query = query.join(Account, Account.id == Task.account_id).where(*_due(Scope("all", today)))
    for whose, kind, count, since in db.session.execute(query.group_by(WHOSE, Task.kind)):
        yield whose, kind_of_task(kind), count, since


def _due(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """What automation asked for rests while nothing is owed; what reminders need, while nothing is overdue:
    an address to be found too, whoever asks for it.

    Of a held account, only what waited too long.
    """
    is_owed = and_(Account.stage != "clear", or_(Account.overdue_since.is_not(None), Task.kind.not_in(_FOR_REMINDERS)))
    is_asked_by_hand = and_(Task.key.is_(None), Task.kind != "find_contact")
    return (
        Task.status == "open",
        Task.due_on <= scope.today,
        or_(scope.is_awake(), _TOLD),
        or_(is_asked_by_hand, _TOLD, is_owed),
    )


def _owned(scope: Scope) -> ColumnElement[bool]:
    owned = scope.owns(WHOSE)
    return or_(owned, and_(_TOLD, Task.assignee_id.is_(None))) if scope.leads else owned
