"""Arrivals: an e-mail from outside finds its account, with its files, and is a reply like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from wiseops.extensions import db
from wiseops.formats import bounces as notices
from wiseops.formats import payloads
from wiseops.formats.arrivals import mail, postmark
from wiseops.formats.arrivals.automatic import Kind
from wiseops.formats.arrivals.mail import Arrival
from wiseops.formats.bounces import Notice
from wiseops.formats.email_events import local_part
from wiseops.models import Message, Reply, ReplyFile
from wiseops.queries import replies as queries
from wiseops.services import bounces, files, replies
from wiseops.services.statuses import Effect
from wiseops.services.transaction import transaction

_log = structlog.get_logger(__name__)
PROVIDER = "mail"
_RAW: Mapping[str, Callable[[bytes], bytes]] = {"postmark": postmark.raw, "mta": lambda body: body}


@dataclass(frozen=True, slots=True)
class Read:
    """A mail that was read, and the file that has it as it came. `notice` where a server wrote it of another mail."""

    arrival: Arrival
    notice: Notice | None
    raw_id: int
    at: datetime


def read(event: bytes, *, provider: str, at: datetime) -> Read:
    """Reads the mail that an event names. It may take a second, so no transaction is open meanwhile."""
    raw_id = int(payloads.mapping(payloads.read(event))["file"])
    raw = _RAW[provider](b"".join(files.read(raw_id)))
    try:
        parsed = mail.parsed(raw)
        notice = notices.read(parsed) if parsed is not None else None
        return Read(mail.read(raw), notice, raw_id, at)
    except Exception as error:  # Whatever its bytes are: somebody must see that it came.
        _log.warning("mail_unreadable", file=raw_id, error=type(error).__name__)
        return Read(mail.unreadable(raw), None, raw_id, at)


def take(given: Read, *, now: datetime) -> Effect:
    """Keeps it once, on the account it belongs to or on none, with its files. It came at `given.at`."""
    arrival = given.arrival
    with transaction():
        if queries.find(PROVIDER, arrival.identity) is not None:
            return Effect("known")
        notice = bounces.receive(given.notice, now=now) if given.notice is not None else None
        reply = _reply(given, is_notice=notice is not None)
        answered = None if notice is not None else _answered(arrival.answers)
        if notice is not None and notice.about is not None:
            reply.account_id, reply.message_id = notice.about.account_id, notice.about.id
        accounts = replies.keep(reply, answered=answered, said=arrival.said, now=now)
        for name, content_type, content in arrival.files:
            stored = files.store([content], name=name, content_type=content_type, now=now)
            db.session.add(ReplyFile(reply_id=reply.id, file_id=stored.id))
        if notice is not None:
            return notice
        return Effect(str(reply.kind), accounts)


def _reply(given: Read, *, is_notice: bool) -> Reply:
    arrival = given.arrival
    kind = arrival.kind
    if is_notice and kind is not Kind.COMPLAINT:
        kind = Kind.BOUNCE
    return Reply(
        channel="email",
        provider=PROVIDER,
        provider_id=arrival.identity,
        from_address=arrival.sender.lower(),
        from_name=arrival.sender_name,
        to_address=arrival.to.lower(),
        subject=arrival.subject,
        body=arrival.newest,
        quoted=arrival.quoted,
        kind=str(kind),
        automatic=kind is not Kind.REPLY,
        mail_id=arrival.message_id,
        left_out=list(arrival.left_out),
        raw_id=given.raw_id,
        received_at=given.at,
    )


def _answered(mail_ids: Sequence[str]) -> Message | Reply | None:
    """What it answers, the nearest first: a message of ours, else a mail of theirs that we have."""
    refs = [found for mail_id in mail_ids if (found := local_part(mail_id))]
    ours = (Message.channel == "email", Message.ref.in_(refs) | Message.provider_id.in_(mail_ids))
    known: dict[str, Message] = {}
    for row in db.session.scalars(select(Message).where(*ours)):
        known |= {row.ref: row, row.provider_id or row.ref: row}
    for mail_id in mail_ids:
        if message := known.get(local_part(mail_id)) or known.get(mail_id):
            return message
    theirs = (Reply.mail_id.in_(mail_ids), Reply.account_id.is_not(None))
    return db.session.scalar(select(Reply).where(*theirs).order_by(Reply.id.desc()).limit(1))
