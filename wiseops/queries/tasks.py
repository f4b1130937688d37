"""Tasks: whose, since when, about whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account, Contact, Task, User

VIEWS = ("mine", "unassigned", "due", "overdue", "all", "done")


@dataclass(frozen=True, slots=True)
class Listed:
    """A task with its account's and its assignee's name."""

    task: Task
    number: str
    name: str
    assignee: str | None


def get(task_id: int) -> Listed:
    """One task. Raises NotFound."""
    found = db.session.execute(_listed().where(Task.id == task_id)).one_or_none()
    if found is None:
        raise NotFound
    return Listed(*found)


def listing(view: str, *, user_id: int, today: date, offset: int = 0, limit: int = 50) -> list[Listed]:
    """The tasks of one view: the most urgent first, what is done latest first."""
    order = (Task.done_at.desc(), Task.id) if view == "done" else (Task.due_on, Task.id)
    query = _listed().where(*_where(view, user_id, today)).order_by(*order).offset(offset).limit(limit)
    return [Listed(*found) for found in db.session.execute(query)]


def of_account(account_id: int) -> list[Listed]:
    """What is open about one account, the most urgent first."""
    query = _listed().where(Task.account_id == account_id, Task.status == "open").order_by(Task.due_on, Task.id)
    return [Listed(*found) for found in db.session.execute(query)]


def finishable(account_id: int) -> Sequence[Task]:
    """Open calls and follow-ups of an account: what talking to it may finish, the most urgent first."""
    query = select(Task).where(
        Task.account_id == account_id, Task.status == "open", Task.kind.in_(("call", "follow_up"))
    )
    return db.session.scalars(query.order_by(Task.due_on, Task.id)).all()


def counts(*, user_id: int, today: date) -> dict[str, int]:
    """How many tasks each view has; done ones are not counted."""
    sums = [func.count().filter(*_where(view, user_id, today)).label(view) for view in VIEWS[:-1]]
    return dict(db.session.execute(select(*sums).select_from(Task).where(Task.status == "open")).mappings().one())


def phones(account_id: int) -> Sequence[Contact]:
    """Whom one can call there."""
    query = select(Contact).where(Contact.account_id == account_id, Contact.phone.is_not(None))
    return db.session.scalars(query.order_by(Contact.default_sms.desc(), Contact.id)).all()


def _listed() -> Any:
    return (
        select(Task, Account.number, Account.name, User.name)
        .join(Account, Account.id == Task.account_id)
        .outerjoin(User, User.id == Task.assignee_id)
    )


def _where(view: str, user_id: int, today: date) -> list[ColumnElement[bool]]:
    is_open = Task.status == "open"
    return {
        "mine": [is_open, Task.assignee_id == user_id],
        "unassigned": [is_open, Task.assignee_id.is_(None)],
        "due": [is_open, Task.due_on <= today],
        "overdue": [is_open, Task.due_on < today],
        "done": [Task.status == "done"],
    }.get(view, [is_open])
