"""Origins: whose a reply is, and whose address it came from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from wiseops.extensions import db
from wiseops.formats.arrivals.automatic import Kind
from wiseops.models import Message, Reply
from wiseops.queries import contacts
from wiseops.queries import replies as queries
from wiseops.services import locks

_OF_SERVERS = (Kind.BOUNCE, Kind.COMPLAINT)


def channel(reply: Reply) -> str:
    """Whatever does not come by mail comes from a number."""
    return "email" if reply.channel == "email" else "sms"


def is_proven(reply: Reply, answered: Message | Reply | None) -> bool:
    """Whether it is from whom it says: a number always, an address where it answers what we wrote to that address."""
    if channel(reply) != "email":
        return True
    if not isinstance(answered, Message):
        return False
    ours = {answered.diverted_to or answered.to_address, *answered.cc}
    return reply.from_address.lower() in {address.lower() for address in ours}


def place(reply: Reply, answered: Message | Reply | None) -> None:
    """Locks every account that has the address, and puts it where what it answers stands.

    Else on the account last written to there; else the only one that has it; else where it was assigned before.
    What a server wrote stays where it is.
    """
    if reply.kind in _OF_SERVERS:
        return
    address = reply.from_address
    sharing = contacts.sharing(channel(reply), address) if address else []
    owner = [answered.account_id] if answered is not None and answered.account_id else []
    locks.accounts([*owner, *(contact.account_id for contact in sharing)])
    accounts = {contact.account_id: contact for contact in reversed(sharing)}
    last = answered if answered is not None else _last_written(reply, list(accounts))
    if last is not None:
        reply.account_id = last.account_id
        reply.message_id = last.id if isinstance(last, Message) else last.message_id
    elif len(accounts) == 1:
        reply.account_id = next(iter(accounts))
    elif address and not accounts:
        reply.account_id = _assigned_to(address)
    contact = accounts.get(reply.account_id or 0)
    if contact is not None:
        reply.contact_id = contact.id
        reply.from_address = (contact.email if channel(reply) == "email" else contact.phone) or address


def _assigned_to(address: str) -> int | None:
    """The account that has what this sender wrote before, locked; where that was moved meanwhile, the other."""
    before, found = None, queries.assigned_to(address)
    while found is not None and found != before:
        locks.accounts([found])
        before, found = found, queries.assigned_to(address)
    return found


def _last_written(reply: Reply, account_ids: Sequence[int]) -> Message | None:
    written = (
        Message.account_id.in_(account_ids),
        Message.channel == channel(reply),
        func.lower(Message.to_address) == reply.from_address.lower(),
        Message.sending_at.is_not(None),
    )
    latest = select(Message).where(*written).order_by(Message.sending_at.desc(), Message.id.desc())
    return db.session.scalar(latest.limit(1))
