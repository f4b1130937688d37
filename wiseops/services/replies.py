"""Replies: what debtors write is kept with the account it belongs to, obeyed, read and dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from wiseops.domain.contacts import is_email
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.replies import LONGEST_NOTE, Keyword, keyword
from wiseops.domain.suppressions import Reason
from wiseops.domain.texts import one_line
from wiseops.extensions import db
from wiseops.formats.vonage import Inbound
from wiseops.models import Message, Reply, Task
from wiseops.queries import replies as queries
from wiseops.services import automation, events, holds, locks, origins, parts, suppressions
from wiseops.services.transaction import transaction

PROVIDER = "vonage"


def receive(inbound: Inbound, *, now: datetime) -> list[int]:
    """Keeps it once, on the account it belongs to or on none. Answers the accounts to decide about.

    STOP acts on the number, on every account that has it; of STOP and START the later by its own time counts.
    """
    with transaction():
        if queries.find(PROVIDER, inbound.event_id) is not None:
            return []
        return keep(_kept(inbound, now), said=inbound.text, now=now)


def keep(reply: Reply, *, said: str, now: datetime, answered: Message | Reply | None = None) -> list[int]:
    """Keeps what came, in words or by mail, where it belongs: with what it answers, if that is known.

    Answers the accounts to decide about. `said` may be one of the words that everyone may send. What is a part of a
    long SMS is added to that.
    """
    with transaction():
        origins.place(reply, answered)
        if (begun := parts.join(reply)) is not None:
            return hold(begun, now=now)
        reply.keyword = "" if reply.automatic else keyword(said) or ""
        if reply.keyword == Keyword.START and not origins.is_proven(reply, answered):
            reply.keyword = ""  # Anybody can write a From line.
        if reply.keyword in (Keyword.STOP, Keyword.START):
            reply.handled_at = now  # They ask for nothing that a person has to do.
        db.session.add(reply)
        db.session.flush()
        if reply.account_id is not None:
            told = {"reply": reply.id, "channel": reply.channel, "keyword": reply.keyword}
            events.record("reply_received", account_id=reply.account_id, at=now, by_id=None, **told)
        return sorted({*hold(reply, now=now), *_obey(reply, said, now=now)})


def hold(reply: Reply, *, now: datetime) -> list[int]:
    """The account of a reply that a person has to read waits for that. Answers the accounts to decide about."""
    if reply.account_id is None or reply.automatic or reply.handled_at is not None:
        return []
    holds.heard_from(reply.account_id, now=now)
    return [reply.account_id]


def read(account_id: int, number: str, *, up_to: int, now: datetime) -> None:
    """Somebody has seen what this number wrote, up to this reply."""
    with transaction():
        unread = (Reply.account_id == account_id, Reply.from_address == number, Reply.read_at.is_(None))
        db.session.execute(update(Reply).where(*unread, Reply.id <= up_to).values(read_at=now))


def handle(
    reply_id: int, *, seen_at: int | None, now: datetime, by_id: int | None, note: str = "", length: int | None = None
) -> None:
    """Nothing more is to be done about the reply, nor about those of its sender before it: the account goes on.

    Again changes nothing. Refused where it no longer stands with `seen_at`, the account that it was seen at, or where
    another part has made it longer than the `length` that was seen.
    """
    note = one_line(note, "note", LONGEST_NOTE)
    with transaction():
        if seen_at is not None:
            locks.account(seen_at)
        reply = _get(reply_id)
        account_id, sender = reply.account_id, reply.from_address
        if account_id != seen_at:
            raise Refused("Somebody has moved it already.")
        if length is not None and len(reply.body) > length:
            raise Refused("More of it has come meanwhile. Read that first.")
        before = (Reply.from_address == sender, Reply.id <= reply_id if sender else Reply.id == reply_id)
        closed = _close(account_id, *before, note=note, now=now, by_id=by_id)
        if closed and account_id is not None:
            told = {"reply": reply_id, "channel": reply.channel, "note": note}
            events.record("reply_handled", account_id=account_id, at=now, by_id=by_id, **told)
    if account_id is not None:
        automation.decide([account_id], now)


def answered(row: Message, *, mail_id: str = "", up_to: int | None = None, now: datetime, by_id: int | None) -> None:
    """A person wrote this, or answered that mail: what its addressee wrote is dealt with. The caller decides.

    `up_to`: the last reply that they had seen; None: all.
    """
    account_id, address = row.account_id, row.to_address
    theirs: ColumnElement[bool] = Reply.from_address.in_({address, address.lower()})
    if mail_id:
        sender = select(Reply.from_address).where(Reply.account_id == account_id, Reply.mail_id == mail_id)
        theirs |= Reply.from_address.in_(sender)
    _close(account_id, theirs, *_until(up_to), note="", now=now, by_id=by_id, answered_by_id=row.id)


def answered_all(account_id: int, *, up_to: int | None = None, now: datetime, by_id: int | None) -> None:
    """A person spoke to them: whatever waits there, and they had seen, is dealt with. The caller decides."""
    _close(account_id, *_until(up_to), note="", now=now, by_id=by_id)


def _kept(inbound: Inbound, now: datetime) -> Reply:
    return Reply(
        channel=inbound.channel,
        provider=PROVIDER,
        provider_id=inbound.event_id,
        from_address=inbound.sender,
        to_address=inbound.to,
        body=inbound.text,
        automatic=False,
        received_at=inbound.at or now,
    )


def _obey(reply: Reply, said: str, *, now: datetime) -> list[int]:
    address, channel = reply.from_address, origins.channel(reply)
    if not is_email(address) if channel == "email" else not address.startswith("+"):
        return []
    if not reply.keyword or queries.last_word(address) != reply.id:
        return []
    if reply.keyword == Keyword.STOP:
        why = Reason.OPTED_OUT
        return suppressions.add(channel, address, reason=why, source="reply", note=said, now=now, decides=False)
    return suppressions.opt_in(channel, address, note=said, now=now, decides=False)


def _close(
    account_id: int | None, *which: ColumnElement[bool], note: str, now: datetime, by_id: int | None, **more: int
) -> Sequence[int]:
    """Marks these as dealt with, and takes back the tasks that told a manager of them. Their ids."""
    with transaction():
        waiting = (Reply.account_id == account_id, Reply.handled_at.is_(None), *which)
        seen = func.coalesce(Reply.read_at, now)
        dealt_with = {"handled_at": now, "handled_by_id": by_id, "handled_note": note, "read_at": seen, **more}
        closed = update(Reply).where(*waiting).values(dealt_with)
        ids = db.session.scalars(closed.returning(Reply.id)).all()
        if ids and account_id is not None:
            told = (Task.key.in_([f"reply_waits:{account_id}:{reply_id}" for reply_id in ids]), Task.status == "open")
            db.session.execute(update(Task).where(Task.account_id == account_id, *told).values(status="cancelled"))
            automation.touch([account_id])
        return ids


def _until(reply_id: int | None) -> Sequence[ColumnElement[bool]]:
    return () if reply_id is None else (Reply.id <= reply_id,)


def _get(reply_id: int) -> Reply:
    reply = db.session.get(Reply, reply_id, populate_existing=True)
    if reply is None:
        raise NotFound(f"reply {reply_id}")
    return reply
