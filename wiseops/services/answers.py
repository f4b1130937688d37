"""Answers that do not go: what they had dealt with waits again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select, update

from wiseops.domain.messages import Status
from wiseops.extensions import db
from wiseops.models import Message, Reply, Task
from wiseops.services import automation
from wiseops.services.transaction import transaction

_LOST = (Status.CANCELLED, Status.FAILED)


def reopen(rows: Iterable[Message]) -> None:
    """Of these messages, those that will never leave answered nothing. Call it with their accounts locked.

    Where a person wrote again since, that is the answer.
    """
    lost = [row.id for row in rows if not row.automated and row.status in _LOST]
    if not lost:
        return
    with transaction():
        answered = select(Reply).where(Reply.answered_by_id.in_(lost)).execution_options(populate_existing=True)
        found = db.session.scalars(answered).all()
        for reply in found:
            reply.answered_by_id = _answered_since(reply)
        waiting = [reply for reply in found if reply.answered_by_id is None]
        for reply in waiting:
            reply.handled_at = reply.handled_by_id = None
        keys = [f"reply_waits:{reply.account_id}:{reply.id}" for reply in waiting]
        told = (Task.key.in_(keys), Task.status == "cancelled")
        db.session.execute(update(Task).where(*told).values(status="open"))
        automation.touch({reply.account_id for reply in waiting if reply.account_id is not None})


def _answered_since(reply: Reply) -> int | None:
    """A later message of a person to whoever wrote it, that left or may still."""
    theirs: ColumnElement[bool] = func.lower(Message.to_address) == reply.from_address.lower()
    if reply.mail_id:
        theirs |= Message.in_reply_to == reply.mail_id
    later = (Message.account_id == reply.account_id, Message.id > reply.answered_by_id, ~Message.automated, theirs)
    return db.session.scalar(select(func.max(Message.id)).where(*later, Message.status.not_in(_LOST)))
