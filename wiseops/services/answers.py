"""Answers that do not go: what they had dealt with waits again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from wiseops.domain.messages import Status
from wiseops.extensions import db
from wiseops.models import Message, Reply, Task
from wiseops.services import automation
from wiseops.services.transaction import transaction

_LOST = (Status.CANCELLED, Status.FAILED)


def reopen(rows: Iterable[Message]) -> None:
    """Of these messages, those that will never leave answered nothing. Call it with their accounts locked."""
    lost = [row.id for row in rows if not row.automated and row.status in _LOST]
    if not lost:
        return
    with transaction():
        waits = {"handled_at": None, "handled_by_id": None, "answered_by_id": None}
        query = select(Reply.id, Reply.account_id).where(Reply.answered_by_id.in_(lost))
        keys = {f"reply_waits:{found.account_id}:{found.id}": found for found in db.session.execute(query)}
        db.session.execute(update(Reply).where(Reply.id.in_([found.id for found in keys.values()])).values(waits))
        told = (Task.key.in_(list(keys)), Task.status == "cancelled")
        db.session.execute(update(Task).where(*told).values(status="open"))
        automation.touch({found.account_id for found in keys.values()})
