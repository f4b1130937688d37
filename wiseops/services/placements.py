"""Where a reply belongs: one that stands with the wrong account goes to another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Account, Reply, Task
from wiseops.queries import contacts as known
from wiseops.services import automation, events, holds, locks
from wiseops.services.transaction import transaction


def move(reply_id: int, account_id: int, *, away_from: int, now: datetime, by_id: int | None) -> None:
    """This reply, and what its sender wrote there after it, as read and as dealt with as it is. Decides about both.

    Refused where it no longer stands with `away_from`, the account that the mover saw.
    """
    if account_id == away_from:
        raise Refused("It stands with this account already.", "account_id")
    with transaction():
        locks.accounts([away_from, account_id])
        reply = db.session.get(Reply, reply_id, populate_existing=True)
        if reply is None:
            raise NotFound(f"reply {reply_id}")
        if reply.account_id != away_from:
            raise Refused("Somebody has moved it already.")
        waits = _place(reply, away_from, account_id, now)
        names = {each: db.session.get_one(Account, each).name for each in (away_from, account_id)}
        told = {"reply": reply_id, "channel": reply.channel, "address": reply.from_address}
        events.record("reply_moved", account_id=away_from, at=now, by_id=by_id, to=names[account_id], **told)
        events.record("reply_came", account_id=account_id, at=now, by_id=by_id, source=names[away_from], **told)
        automation.touch([away_from])
        if waits:
            holds.heard_from(account_id, now=now)
    automation.decide([away_from, account_id], now)


def _place(reply: Reply, away_from: int, account_id: int, now: datetime) -> bool:
    """Gives the rows to the account; whether a person has yet to deal with one. Tasks that told of them go."""
    sender = reply.from_address
    contact_id = next((row.id for row in known.sharing(reply.channel, sender) if row.account_id == account_id), None)
    since = Reply.id >= reply.id if sender else Reply.id == reply.id
    these = (Reply.account_id == away_from, Reply.from_address == sender, since)
    stands = {"account_id": account_id, "contact_id": contact_id, "message_id": None}
    placed = update(Reply).where(*these).values(stands | {"placed_at": now, "answered_by_id": None})
    rows = db.session.execute(placed.returning(Reply.id, Reply.handled_at, Reply.automatic)).all()
    told = (Task.key.in_([f"reply_waits:{away_from}:{row.id}" for row in rows]), Task.status == "open")
    db.session.execute(update(Task).where(Task.account_id == away_from, *told).values(status="cancelled"))
    return any(row.handled_at is None and not row.automatic for row in rows)
