"""Returns: what follows when something comes back: an address given up, a person who finds another or tries again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wiseops.domain.bounces import SOFT_LIMIT, Verdict
from wiseops.domain.messages import Status
from wiseops.extensions import db
from wiseops.formats.email_events import EmailEvent
from wiseops.models import Account, Engagement, Message, Task, User
from wiseops.queries import company, messages
from wiseops.queries import suppressions as known
from wiseops.services import tasks

_SOFT = f"{Verdict.SOFT}: "
FIND = "find_contact"
CAME_BACK = "came_back"


def in_words(event: EmailEvent) -> str:
    """What the message's row says about it; that it was soft is known by it later."""
    return f"{_SOFT}{event.detail}"[:200] if event.soft else event.detail


def is_the_rule(address: str) -> bool:
    """Whether the last messages to the address all came back softly, one after the other."""
    left = (Message.account_id.in_(known.accounts_with("email", address)), messages.WENT_TO.in_([address]))
    settled = Message.status.in_((Status.SENT, Status.DELIVERED, Status.UNDELIVERED))
    query = select(Message.status, Message.reason).where(*left, settled, Message.channel == "email")
    last = db.session.execute(query.order_by(Message.id.desc()).limit(SOFT_LIMIT)).all()
    came_back = [status == Status.UNDELIVERED and reason.startswith(_SOFT) for status, reason in last]
    return len(came_back) == SOFT_LIMIT and all(came_back)


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
