"""Messages that people write: one form makes one message, and no guardrail is passed silently."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wiseops.domain import attachments, segments
from wiseops.domain.attachments import Upload
from wiseops.domain.compositions import Draft, Withheld, check, text_of
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.guardrails.asking import Allowed, Deferred
from wiseops.domain.messages import Status, digest
from wiseops.extensions import db
from wiseops.models import Account, Contact, Message, MessageFile, TemplateVersion, User
from wiseops.queue import ring
from wiseops.services import addressees, automation, documents, guardrails, locks, outcomes, replies
from wiseops.services import files as kept
from wiseops.services.transaction import transaction

TWINS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Sending:
    """How it goes: `token` of the form; `not_before` the moment offered for a text that must wait; `override` why a
    manager goes past the guardrails.
    """

    token: str
    not_before: datetime | None = None
    override: str | None = None


def send(
    account_id: int, draft: Draft, sending: Sending, *, files: Sequence[Upload] = (), now: datetime, by: User
) -> int:
    """Queues what a person wrote and rings. Answers the message's id; the same form again answers the first one's.

    Raises Refused on the field, and Withheld where a guardrail stands in the way.
    """
    draft = check(draft)
    attachments.check(files)
    with transaction():
        account = locks.account(account_id)
        if (made := _made(draft, sending.token)) is not None:
            return made
        contact, to = addressees.choose(account_id, draft)
        if not files:
            _refuse_twin(account_id, draft, to, now)
        row = _row(account, contact, draft, to, now=now, by=by)
        row.token, row.not_before = sending.token or None, _when(row, sending, now)
        db.session.add(row)
        db.session.flush()
        _enclose(row, files, now)
        if sending.override is not None:
            _override(row, sending.override, now, by)
        outcomes.tell(row, at=now, by_id=by.id)
        replies.answered(row, mail_id=draft.in_reply_to, up_to=draft.seen, now=now, by_id=by.id)
        automation.touch([account_id])
        ring("messages.send", queue="send")
        message_id = row.id
    automation.decide([account_id], now)
    return message_id


def withdraw(account_id: int, message_id: int, *, now: datetime, by_id: int | None) -> None:
    """Takes back what a person wrote and still waits. Raises Refused once it is on its way; again changes nothing."""
    with transaction():
        locks.account(account_id)
        row = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
        if row is None or row.account_id != account_id or row.automated:
            raise NotFound(f"message {message_id}")
        if row.status == Status.CANCELLED:
            return
        if row.status != Status.QUEUED:
            raise Refused("It is on its way already.")
        row.status, row.reason, row.settled_at = Status.CANCELLED, "withdrawn", now
        outcomes.tell(row, at=now, by_id=by_id)
        outcomes.follow([row])
    automation.decide([account_id], now)


def _made(draft: Draft, token: str) -> int | None:
    """What this form made before. Raises Refused where it says something else now: nothing is lost silently."""
    row = db.session.scalar(select(Message).where(Message.token == token)) if token else None
    if row is not None and (row.channel, row.subject, _typed(row)) != (draft.channel, draft.subject, draft.body):
        raise Refused("This form was sent before, with another text. Send again to send this one as well.")
    return row.id if row is not None else None


def _refuse_twin(account_id: int, draft: Draft, to: str, now: datetime) -> None:
    """Two people, or two tabs: whoever was first has said it."""
    same = (Message.account_id == account_id, Message.channel == draft.channel, Message.to_address == to)
    said = (Message.subject == draft.subject, Message.body == draft.body, Message.automated.is_(False))
    lately = (Message.queued_at > now - TWINS_WITHIN, Message.status.not_in((Status.CANCELLED, Status.FAILED)))
    first = db.session.execute(
        select(Message.queued_at, User.name)
        .outerjoin(User, User.id == Message.created_by_id)
        .where(*same, *said, *lately)
        .order_by(Message.id.desc())
    ).first()
    if first is not None:
        minutes = int((now - first.queued_at).total_seconds() // 60)
        when = f"{minutes} min ago" if minutes else "just now"
        raise Refused(f"{first.name} sent exactly this {when}. Change the text if it should go again.", "body")


def _row(account: Account, contact: Contact, draft: Draft, to: str, *, now: datetime, by: User) -> Message:
    return Message(
        account_id=account.id,
        channel=draft.channel,
        automated=False,
        status=Status.QUEUED,
        ref=str(uuid.uuid4()),
        contact_id=contact.id,
        template_version_id=_version(draft),
        to_address=to,
        cc=[address for address in draft.cc if address.lower() != to.lower()],
        language=account.language or "",
        subject=draft.subject,
        body=draft.body,
        in_reply_to=draft.in_reply_to,
        sha256=digest(draft.subject, draft.body),
        segments=segments.measure(draft.body).segments if draft.channel == "sms" else 1,
        queued_at=now,
        created_by_id=by.id,
    )


def _version(draft: Draft) -> int | None:
    """The wording it was written from; None where there is no such one."""
    found = db.session.get(TemplateVersion, draft.template_version_id or 0)
    return found.id if found is not None and found.channel == draft.channel else None


def _when(row: Message, sending: Sending, now: datetime) -> datetime:
    """The moment it goes from. Raises Withheld, unless the person said to wait until then, or goes past it."""
    answer = guardrails.check(row.account_id, row.channel, row.to_address, now=now)
    if isinstance(answer, Allowed) or sending.override is not None:
        return now
    if isinstance(answer, Deferred) and sending.not_before is not None and answer.until <= sending.not_before:
        return sending.not_before
    raise Withheld(answer)


def _override(row: Message, reason: str, now: datetime, by: User) -> None:
    if not isinstance(guardrails.check(row.account_id, row.channel, row.to_address, now=now), Allowed):
        guardrails.override(
            row.account_id, row.channel, row.to_address, reason=reason, now=now, by=by, message_id=row.id
        )


def _typed(row: Message) -> str:
    """The text without the links at its end."""
    links = db.session.scalars(select(func.count()).where(MessageFile.message_id == row.id)).one()
    return row.body.rsplit("\n", links)[0] if row.channel == "sms" else row.body


def _enclose(row: Message, uploads: Sequence[Upload], now: datetime) -> None:
    """Keeps the files with the message: attached to an e-mail, as links at the end of an SMS."""
    for upload in uploads:
        stored = kept.store(upload.pieces, name=upload.name, content_type=upload.content_type, now=now)
        db.session.add(MessageFile(message_id=row.id, file_id=stored.id))
        if row.channel == "sms":
            path = documents.link(
                stored.id, account_id=row.account_id, message_id=row.id, now=now, by_id=row.created_by_id
            )
            row.body = f"{row.body}\n{documents.address(path)}"
    if uploads and row.channel == "sms":
        text_of("sms", row.body)
        row.sha256, row.segments = digest("", row.body), segments.measure(row.body).segments
