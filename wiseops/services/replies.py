"""Replies: what debtors write is kept with the account it belongs to, obeyed, read, assigned and dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.replies import LONGEST_NOTE, Keyword, keyword
from wiseops.domain.suppressions import Reason
from wiseops.domain.texts import one_line
from wiseops.extensions import db
from wiseops.formats.vonage import Inbound
from wiseops.models import Contact, Message, Reply, Task
from wiseops.queries import contacts as known
from wiseops.queries import replies as queries
from wiseops.services import accounts, automation, contacts, events, locks, suppressions
from wiseops.services.transaction import transaction

PROVIDER = "vonage"


def receive(inbound: Inbound, *, now: datetime) -> list[int]:
    """Keeps it once, on the account it belongs to or on none. Answers the accounts to decide about.

    STOP acts on the number, on every account that has it; of STOP and START the later by its own time counts.
    """
    with transaction():
        if queries.find(PROVIDER, inbound.event_id) is not None:
            return []
        sharing = known.sharing("sms", inbound.sender)
        locks.accounts(contact.account_id for contact in sharing)
        reply = _kept(inbound, now)
        _place(reply, sharing)
        db.session.add(reply)
        db.session.flush()
        if reply.account_id is not None:
            told = {"reply": reply.id, "channel": reply.channel, "keyword": reply.keyword}
            events.record("reply_received", account_id=reply.account_id, at=now, by_id=None, **told)
        return sorted({*hold(reply, now=now), *_obey(reply, now=now)})


def hold(reply: Reply, *, now: datetime) -> list[int]:
    """The account of a reply that a person has to read waits for that. Answers the accounts to decide about."""
    if reply.account_id is None or reply.automatic or reply.handled_at is not None:
        return []
    accounts.heard_from(reply.account_id, now=now)
    return [reply.account_id]


def read(account_id: int, number: str, *, up_to: int, now: datetime) -> None:
    """Somebody has seen what this number wrote, up to this reply."""
    with transaction():
        unread = (Reply.account_id == account_id, Reply.from_address == number, Reply.read_at.is_(None))
        db.session.execute(update(Reply).where(*unread, Reply.id <= up_to).values(read_at=now))


def handle(reply_id: int, *, now: datetime, by_id: int | None, note: str = "") -> None:
    """Nothing more is to be done about the reply, nor about those of its sender before it: the account goes on.

    Again changes nothing.
    """
    note = one_line(note, "note", LONGEST_NOTE)
    with transaction():
        reply = _get(reply_id)
        account_id = reply.account_id
        before = (Reply.from_address == reply.from_address, Reply.id <= reply_id)
        closed = _close(account_id, *before, note=note, now=now, by_id=by_id)
        if closed and account_id is not None:
            told = {"reply": reply_id, "channel": reply.channel, "note": note}
            events.record("reply_handled", account_id=account_id, at=now, by_id=by_id, **told)
    if account_id is not None:
        automation.decide([account_id], now)


def answered(account_id: int, address: str, *, now: datetime, by_id: int | None) -> None:
    """A person wrote to the address: what it wrote before is dealt with. The caller decides."""
    _close(account_id, Reply.from_address == address, note="", now=now, by_id=by_id)


def answered_all(account_id: int, *, now: datetime, by_id: int | None) -> None:
    """A person spoke to them: whatever waits there is dealt with. The caller decides."""
    _close(account_id, note="", now=now, by_id=by_id)


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
        contact_id = _contact(account_id, sender)
        if contact_id is None and adds_contact:
            contact_id = contacts.add(account_id, Details(name=name, phone=sender, roles=()), now=now, by_id=by_id)
        strays = (Reply.account_id.is_(None), Reply.from_address == sender)
        moved = update(Reply).where(*strays).values(account_id=account_id, contact_id=contact_id)
        if not db.session.execute(moved.returning(Reply.id)).all():
            raise Refused("Somebody has assigned it already.")
        told = {"reply": reply_id, "channel": reply.channel, "address": sender}
        events.record("reply_assigned", account_id=account_id, at=now, by_id=by_id, **told)
        accounts.heard_from(account_id, now=now)
    automation.decide([account_id], now)


def _place(reply: Reply, sharing: Sequence[Contact]) -> None:
    """The account last written to at that number; else the only one that has it; else where it was assigned before."""
    number = reply.from_address
    accounts = {contact.account_id: contact for contact in reversed(sharing)}
    written = (
        Message.account_id.in_(accounts),
        Message.channel == "sms",
        Message.to_address == number,
        Message.sending_at.is_not(None),
    )
    last = db.session.scalar(
        select(Message).where(*written).order_by(Message.sending_at.desc(), Message.id.desc()).limit(1)
    )
    if last is not None:
        reply.message_id, contact = last.id, accounts[last.account_id]
    elif len(accounts) == 1:
        contact = next(iter(accounts.values()))
    else:
        reply.account_id = None if accounts else queries.assigned_to(number)
        return
    reply.account_id, reply.contact_id = contact.account_id, contact.id


def _kept(inbound: Inbound, now: datetime) -> Reply:
    """STOP and START ask for nothing that a person has to do."""
    word = keyword(inbound.text) or ""
    return Reply(
        channel=inbound.channel,
        provider=PROVIDER,
        provider_id=inbound.event_id,
        from_address=inbound.sender,
        to_address=inbound.to,
        body=inbound.text,
        keyword=word,
        received_at=inbound.at or now,
        handled_at=now if word in (Keyword.STOP, Keyword.START) else None,
    )


def _obey(reply: Reply, *, now: datetime) -> list[int]:
    number = reply.from_address
    if not number.startswith("+") or not reply.keyword or queries.last_word(number) != reply.id:
        return []
    if reply.keyword == Keyword.STOP:
        why, said = Reason.OPTED_OUT, reply.body
        return suppressions.add("sms", number, reason=why, source="reply", note=said, now=now, decides=False)
    return suppressions.opt_in("sms", number, note=reply.body, now=now, decides=False)


def _close(
    account_id: int | None, *which: ColumnElement[bool], note: str, now: datetime, by_id: int | None
) -> Sequence[int]:
    """Marks these as dealt with, and takes back the tasks that told a manager of them. Their ids."""
    with transaction():
        waiting = (Reply.account_id == account_id, Reply.handled_at.is_(None), *which)
        closed = update(Reply).where(*waiting).values(handled_at=now, handled_by_id=by_id, handled_note=note)
        ids = db.session.scalars(closed.returning(Reply.id)).all()
        if ids and account_id is not None:
            told = (Task.key.in_([f"reply_waits:{reply_id}" for reply_id in ids]), Task.status == "open")
            db.session.execute(update(Task).where(Task.account_id == account_id, *told).values(status="cancelled"))
            automation.touch([account_id])
        return ids


def _contact(account_id: int, address: str) -> int | None:
    same = (Contact.account_id == account_id, Contact.phone == address)
    return db.session.scalar(select(Contact.id).where(*same).order_by(Contact.id).limit(1))


def _get(reply_id: int) -> Reply:
    reply = db.session.get(Reply, reply_id, populate_existing=True)
    if reply is None:
        raise NotFound(f"reply {reply_id}")
    return reply
