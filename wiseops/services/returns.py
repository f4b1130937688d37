"""Returns: what a person has to do when something comes back: find another address, or try it another way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wiseops.extensions import db
from wiseops.models import Account, Engagement, Message, Task, User
from wiseops.queries import company
from wiseops.services import tasks

FIND = "find_contact"
CAME_BACK = "came_back"


def find_another(account_id: int, channel: str, address: str, *, reason: str, now: datetime) -> None:
    """Nobody can be reached there any more. One open task an account: a second address is found on the same way."""
    known = select(Task.id).where(Task.account_id == account_id, Task.kind == FIND, Task.status == "open")
    if db.session.scalar(known.limit(1)) is not None:
        return
    owner = db.session.scalar(select(Account.owner_id).where(Account.id == account_id))
    facts = {"channel": channel, "address": address, "reason": reason}
    _make(account_id, FIND, owner, now, facts=facts, key=_of_engagement(account_id))


def tell_author(message: Message, *, now: datetime) -> None:
    """What this person wrote did not arrive."""
    facts = {"channel": message.channel, "address": message.to_address, "reason": message.reason, "message": message.id}
    _make(message.account_id, CAME_BACK, message.created_by_id, now, facts=facts)


def _of_engagement(account_id: int) -> str | None:
    """The key of the task that deciding would make, so that it makes none beside this one."""
    open_one = select(Engagement.id).where(Engagement.account_id == account_id, Engagement.ended_at.is_(None))
    engagement_id = db.session.scalar(open_one.limit(1))
    key = f"{FIND}:{engagement_id}"
    is_taken = db.session.scalar(select(Task.id).where(Task.key == key)) is not None
    return None if engagement_id is None or is_taken else key


def _make(account_id: int, kind: str, user_id: int | None, now: datetime, **more: object) -> None:
    is_here = user_id and db.session.scalar(select(User.active).where(User.id == user_id))
    assignee = user_id if is_here else None
    due_on = company.today(now)
    tasks.add(account_id, kind=kind, note="", due_on=due_on, assignee_id=assignee, now=now, by_id=None, **more)
