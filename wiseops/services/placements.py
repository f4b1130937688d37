"""Where a reply belongs: a stray is assigned, one that stands with the wrong account goes to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update

from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Account, Reply, Task
from wiseops.queries import contacts as known
from wiseops.services import automation, contacts, events, holds, locks, origins
from wiseops.services.transaction import transaction


def assign(
    reply_id: int, account_id: int, *, now: datetime, by_id: int | None, adds_contact: bool = False, name: str = ""
) -> None:
    """Moves what this sender wrote to the account and decides about it; the number may become a contact of it.

    A contact made so gets no reminders until somebody gives it a role. Refused where it is no longer without account.
    """
    with transaction():
        locks.account(account_id)
        reply = _get(reply_id)
        sender = reply.from_address
        contact_id = _contact(account_id, reply)
        if contact_id is None and adds_contact:
            bare = Details(name=name, roles=())
            reached = replace(bare, email=sender) if reply.channel == "email" else replace(bare, phone=sender)
            contact_id = contacts.add(account_id, reached, now=now, by_id=by_id)
        strays = (Reply.account_id.is_(None), Reply.from_address == sender if sender else Reply.id == reply_id)
        moved = update(Reply).where(*strays).values(account_id=account_id, contact_id=contact_id, placed_at=now)
        if not db.session.execute(moved.returning(Reply.id)).all():
            raise Refused("Somebody has assigned it already.")
        told = {"reply": reply_id, "channel": reply.channel, "address": sender}
        events.record("reply_assigned", account_id=account_id, at=now, by_id=by_id, **told)
        holds.heard_from(account_id, now=now)
    automation.decide([account_id], now)


def add_contact(account_id: int, reply_id: int, *, now: datetime, by_id: int | None) -> None:
    """Who wrote the mail becomes a contact of its account, unless that has the address already."""
    with transaction():
        locks.account(account_id)
        reply = _get(reply_id)
        if reply.account_id != account_id:
            raise Refused("Somebody has moved it already.")
        if _contact(account_id, reply) is None:
            bare = Details(name=reply.from_name, email=reply.from_address, roles=())
            contacts.add(account_id, bare, now=now, by_id=by_id)
    automation.decide([account_id], now)


def move(reply_id: int, account_id: int, *, away_from: int, now: datetime, by_id: int | None) -> None:
    """This reply, and what its sender wrote there after it, as read and as dealt with as it is. Decides about both.

    Refused where it no longer stands with `away_from`, the account that the mover saw.
    """
    if account_id == away_from:
        raise Refused("It stands with this account already.", "account_id")
    with transaction():
        locks.accounts([away_from, account_id])
        reply = _get(reply_id)
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
    contact_id = _contact(account_id, reply)
    since = Reply.id >= reply.id if sender else Reply.id == reply.id
    these = (Reply.account_id == away_from, Reply.from_address == sender, since)
    stands = {"account_id": account_id, "contact_id": contact_id, "message_id": None}
    placed = update(Reply).where(*these).values(stands | {"placed_at": now, "answered_by_id": None})
    rows = db.session.execute(placed.returning(Reply.id, Reply.handled_at, Reply.automatic)).all()
    told = (Task.key.in_([f"reply_waits:{away_from}:{row.id}" for row in rows]), Task.status == "open")
    db.session.execute(update(Task).where(Task.account_id == away_from, *told).values(status="cancelled"))
    return any(row.handled_at is None and not row.automatic for row in rows)


def _contact(account_id: int, reply: Reply) -> int | None:
    sharing = known.sharing(origins.channel(reply), reply.from_address) if reply.from_address else []
    return next((contact.id for contact in sharing if contact.account_id == account_id), None)


def _get(reply_id: int) -> Reply:
    reply = db.session.get(Reply, reply_id, populate_existing=True)
    if reply is None:
        raise NotFound(f"reply {reply_id}")
    return reply
