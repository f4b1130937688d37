"""Messages: what left, what waits, what did not leave and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import (
    Account,
    Channel,
    Entry,
    File,
    Message,
    MessageFile,
    MessageItem,
    Template,
    TemplateVersion,
    User,
)
from wiseops.queries import accounts

WENT_TO = func.lower(func.coalesce(func.nullif(Message.diverted_to, ""), Message.to_address))
"""Where an e-mail really went: in a trial to our own address."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One message whole: its lines, the wording it was written with, and who sent it by hand."""

    message: Message
    account: Account
    lines: Sequence[Any]
    template: tuple[str, int] | None
    sender: str | None


def get(message_id: int) -> Opened:
    """One message. Raises NotFound."""
    message = db.session.get(Message, message_id)
    if message is None:
        raise NotFound(f"message {message_id}")
    lines = db.session.execute(
        select(Entry.number, Entry.kind, Entry.due_on, MessageItem.amount, MessageItem.currency, MessageItem.demanded)
        .join(Entry, Entry.id == MessageItem.entry_id)
        .where(MessageItem.message_id == message_id)
        .order_by(MessageItem.demanded.desc(), Entry.due_on, Entry.issued_on, Entry.number)
    ).all()
    wording = db.session.execute(
        select(Template.name, TemplateVersion.version)
        .join(TemplateVersion, TemplateVersion.template_id == Template.id)
        .where(TemplateVersion.id == message.template_version_id)
    ).first()
    sender = db.session.scalar(select(User.name).where(User.id == message.created_by_id))
    account = accounts.get(message.account_id)
    return Opened(message, account, lines, (wording[0], wording[1]) if wording else None, sender)


def files(message_ids: Collection[int]) -> dict[int, list[File]]:
    """The files that go with these messages, as far as they have any, in their order."""
    found: dict[int, list[File]] = defaultdict(list)
    query = select(MessageFile.message_id, File).join(File, File.id == MessageFile.file_id)
    of_these = query.where(MessageFile.message_id.in_(message_ids)).order_by(File.id)
    for message_id, file in db.session.execute(of_these) if message_ids else ():
        found[message_id].append(file)
    return found


def file(message_id: int, file_id: int) -> int:
    """The id of a file that goes with the message. Raises NotFound."""
    if db.session.get(MessageFile, (message_id, file_id)) is None:
        raise NotFound(f"file {file_id} of message {message_id}")
    return file_id


def referred_to(refs: Iterable[str], provider_id: str) -> Message | None:
    """The message that a provider speaks of: by our own reference, else by the provider's id of it."""
    ours = db.session.scalar(select(Message).where(Message.ref.in_([ref for ref in refs if ref])))
    if ours is not None or not provider_id:
        return ours
    spellings = {provider_id, provider_id.strip("<>")}
    return db.session.scalar(select(Message).where(Message.provider_id.in_(spellings)).order_by(Message.id).limit(1))


def shut_channels(now: datetime) -> list[Channel]:
    """Channels on which nothing goes: stopped until a person starts them again, or resting at `now`."""
    shut = or_(Channel.stopped_at.is_not(None), Channel.rests_until > now)
    return list(db.session.scalars(select(Channel).where(shut).order_by(Channel.name)))


def of_account(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Message]:
    """A page of the account's messages, newest first."""
    query = select(Message).where(Message.account_id == account_id)
    return list(db.session.scalars(query.order_by(Message.id.desc()).offset(offset).limit(limit)))
