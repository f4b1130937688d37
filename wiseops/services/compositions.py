"""Messages that people write: one form makes one message, and no guardrail is passed silently."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from wiseops.domain import attachments, phones, segments
from wiseops.domain.attachments import Upload
from wiseops.domain.compositions import Draft, Withheld, check, figures, refuse_overtaken, text_of
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.guardrails.asking import Allowed, Deferred
from wiseops.domain.messages import Status, digest
from wiseops.domain.submissions import quoted
from wiseops.extensions import db
from wiseops.models import Account, Contact, File, Message, MessageFile, TemplateVersion, User
from wiseops.queries import company, previews
from wiseops.queue import ring
from wiseops.services import addressees, automation, documents, guardrails, locks, outcomes, replies, submissions
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
        content = (draft, sending.not_before, sending.override, files)
        if (made := submissions.made(sending.token, content)) is not None:
            return made
        contact, to = addressees.choose(account_id, draft)
        _refuse_twin(account_id, draft, to, files, now)
        _refuse_overtaken(account, contact, draft, now)
        row = _row(account, contact, draft, to, now=now, by=by)
        row.token, row.not_before = sending.token or None, _when(row, sending, now)
        db.session.add(row)
        db.session.flush()
        _enclose(row, files, now)
        if sending.override is not None:
            _override(row, sending.override, now, by)
        said = f"{quoted(draft.body)} to {phones.shown(to)}"
        submissions.keep(sending.token, row.id, content, said, now=now)
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


def _refuse_twin(account_id: int, draft: Draft, to: str, files: Sequence[Upload], now: datetime) -> None:
    """Two people, or two tabs: whoever was first has said it."""
    same = (Message.account_id == account_id, Message.channel == draft.channel, Message.to_address == to)
    said = (Message.subject == draft.subject, Message.automated.is_(False))
    lately = (Message.queued_at > now - TWINS_WITHIN, Message.status.not_in((Status.CANCELLED, Status.FAILED)))
    named = select(Message, User.name).outerjoin(User, User.id == Message.created_by_id)
    for row, name in db.session.execute(named.where(*same, *said, *lately).order_by(Message.id.desc())):
        if _says(row, draft.body, files):
            minutes = int((now - row.queued_at).total_seconds() // 60)
            when = f"{minutes} min ago" if minutes else "just now"
            raise Refused(f"{name} sent exactly this {when}. Change the text if it should go again.", "body")


def _says(row: Message, body: str, files: Sequence[Upload]) -> bool:
    """Whether it has this text, without the links at its end, and these files."""
    of_row = select(File.sha256, File.name).join(MessageFile).where(MessageFile.message_id == row.id)
    enclosed = db.session.execute(of_row).all()
    text = row.body.rsplit("\n", len(enclosed))[0] if row.channel == "sms" else row.body
    ours = {file.mark for file in files}
    theirs = {file.name if file.name in ours else file.sha256 for file in enclosed}
    return text == body and len(files) == len(enclosed) and ours == theirs


def _refuse_overtaken(account: Account, contact: Contact, draft: Draft, now: datetime) -> None:
    """A payment may have come since a template was filled in: said once, for the text is the person's own."""
    version = db.session.get(TemplateVersion, draft.filled.version_id) if draft.filled is not None else None
    if draft.filled is None or version is None or version.channel != draft.channel:
        return
    text = previews.text(account, version, name=contact.name, today=company.today(now))
    refuse_overtaken(draft, draft.filled, figures(text) if text is not None else ())


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
