"""Replies: what debtors write is kept with the account it belongs to, and its keywords are obeyed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wiseops.domain.replies import Keyword, keyword
from wiseops.domain.suppressions import Reason
from wiseops.extensions import db
from wiseops.formats.vonage import Inbound
from wiseops.models import Contact, Message, Reply
from wiseops.queries import contacts
from wiseops.queries import replies as queries
from wiseops.services import events, locks, suppressions
from wiseops.services.transaction import transaction

PROVIDER = "vonage"


def receive(inbound: Inbound, *, now: datetime) -> list[int]:
    """Keeps it once, on the account it belongs to or on none. Answers the accounts to decide about.

    STOP acts on the number, on every account that has it; of STOP and START the later by its own time counts.
    """
    with transaction():
        if queries.find(PROVIDER, inbound.event_id) is not None:
            return []
        sharing = contacts.sharing("sms", inbound.sender)
        locks.accounts(contact.account_id for contact in sharing)
        reply = _reply(inbound, *_whose(sharing, inbound.sender), now=now)
        db.session.add(reply)
        db.session.flush()
        if reply.account_id is not None:
            told = {"reply": reply.id, "channel": reply.channel, "keyword": reply.keyword}
            events.record("reply_received", account_id=reply.account_id, at=now, by_id=None, **told)
        return _obey(reply, now=now)


def _whose(sharing: list[Contact], number: str) -> tuple[Contact | None, Message | None]:
    """The one that was last written to at that number; where nobody was, the only account that has it."""
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
        return accounts[last.account_id], last
    return (next(iter(accounts.values())), None) if len(accounts) == 1 else (None, None)


def _reply(inbound: Inbound, contact: Contact | None, answered: Message | None, *, now: datetime) -> Reply:
    return Reply(
        channel=inbound.channel,
        account_id=contact.account_id if contact else None,
        contact_id=contact.id if contact else None,
        message_id=answered.id if answered else None,
        provider=PROVIDER,
        provider_id=inbound.event_id,
        from_address=inbound.sender,
        to_address=inbound.to,
        body=inbound.text,
        keyword=keyword(inbound.text) or "",
        received_at=inbound.at or now,
    )


def _obey(reply: Reply, *, now: datetime) -> list[int]:
    number = reply.from_address
    if not number.startswith("+") or not reply.keyword or queries.last_word(number) != reply.id:
        return []
    if reply.keyword == Keyword.STOP:
        why, said = Reason.OPTED_OUT, reply.body
        return suppressions.add("sms", number, reason=why, source="reply", note=said, now=now, decides=False)
    return suppressions.opt_in("sms", number, note=reply.body, now=now, decides=False)
