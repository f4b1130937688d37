"""What happened at an account, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from wiseops.extensions import db
from wiseops.models import Event, Message, Task, User


@dataclass(frozen=True, slots=True)
class Happened:
    """An event and who did it; nobody is automation."""

    event: Event
    by: str | None


def of_account(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Happened]:
    """A page of the account's timeline."""
    query = select(Event, User.name).outerjoin(User, User.id == Event.by_id).where(Event.account_id == account_id)
    rows = db.session.execute(query.order_by(Event.at.desc(), Event.id.desc()).offset(offset).limit(limit))
    return [Happened(event, name) for event, name in rows]


def open_tasks(account_id: int) -> list[Task]:
    """What a person still has to do here, by due date."""
    of_account = select(Task).where(Task.account_id == account_id, Task.status == "open")
    return list(db.session.scalars(of_account.order_by(Task.due_on, Task.id)))


def messages(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Message]:
    """A page of the account's messages, newest first."""
    of_account = select(Message).where(Message.account_id == account_id)
    return list(db.session.scalars(of_account.order_by(Message.id.desc()).offset(offset).limit(limit)))
