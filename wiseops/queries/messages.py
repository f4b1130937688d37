"""Messages: what left, what waits, what did not leave and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from wiseops.domain import zones
from wiseops.domain.errors import NotFound
from wiseops.domain.messages import Status
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
from wiseops.queries import accounts, company

_S = Status
VIEWS: dict[str, tuple[Status, ...]] = {
    "all": tuple(Status),
    "waiting": (_S.QUEUED, _S.CLAIMED, _S.SENDING),
    "sent": (_S.SENT, _S.DELIVERED),
    "unknown": (_S.UNKNOWN,),
    "failed": (_S.FAILED, _S.UNDELIVERED),
    "cancelled": (_S.CANCELLED,),
}
"""The lists that a person looks at, each with the statuses in it."""

WENT_TO = func.lower(func.coalesce(func.nullif(Message.diverted_to, ""), Message.to_address))
"""Where an e-mail really went: in a trial to our own address."""

_AT = func.coalesce(Message.sent_at, Message.settled_at, Message.sending_at, Message.not_before)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; `by` is "automation" or "people", `first` and `last` days in the company's zone."""

    view: str = "all"
    channel: str = ""
    by: str = ""
    text: str = ""
    account_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A message in a list, with its account and what it demands per currency."""

    message: Message
    number: str
    name: str
    at: datetime
    demanded: dict[str, int]


@dataclass(frozen=True, slots=True)
class Opened:
    """One message whole: its lines, the wording it was written with, and who sent it by hand."""

    message: Message
    account: Account
    lines: Sequence[Any]
    template: tuple[str, int] | None
    sender: str | None


def counts(wanted: Wanted) -> dict[str, int]:
    """How many messages each view has."""
    query = _narrowed(select(Message.status, func.count()).group_by(Message.status), wanted)
    by_status = {row[0]: row[1] for row in db.session.execute(query)}
    return {view: sum(by_status.get(status, 0) for status in within) for view, within in VIEWS.items()}


def rows(wanted: Wanted, *, offset: int = 0, limit: int = 50) -> list[Listed]:
    """A page of messages, newest first."""
    query = _narrowed(select(Message, Account.number, Account.name, _AT), wanted)
    query = query.join(Account, Account.id == Message.account_id).where(Message.status.in_(VIEWS[wanted.view]))
    return _listed(query.order_by(Message.id.desc()).offset(offset).limit(limit))


def unknown(message_ids: Iterable[int]) -> list[Listed]:
    """Of these messages those that are still unclear, oldest first."""
    query = select(Message, Account.number, Account.name, _AT).join(Account, Account.id == Message.account_id)
    chosen = query.where(Message.id.in_(list(message_ids)), Message.status == Status.UNKNOWN)
    return _listed(chosen.order_by(Message.id))


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


def _listed(query: Any) -> list[Listed]:
    found = db.session.execute(query).all()
    demanded = _demanded([row[0].id for row in found])
    return [Listed(message, number, name, at, demanded[message.id]) for message, number, name, at in found]


def _demanded(message_ids: Collection[int]) -> dict[int, dict[str, int]]:
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(MessageItem.message_id, MessageItem.currency, func.sum(MessageItem.amount)).where(
        MessageItem.message_id.in_(message_ids), MessageItem.demanded
    )
    grouped = query.group_by(MessageItem.message_id, MessageItem.currency).order_by(MessageItem.currency)
    for message_id, currency, amount in db.session.execute(grouped):
        sums[message_id][currency] = int(amount)
    return sums


def _narrowed(query: Any, wanted: Wanted) -> Any:
    found = accounts.matching(wanted.text)
    if found is not None:
        query = query.where(Message.account_id.in_(found))
    if wanted.account_id is not None:
        query = query.where(Message.account_id == wanted.account_id)
    if wanted.channel:
        query = query.where(Message.channel == wanted.channel)
    if wanted.by:
        query = query.where(Message.automated.is_(wanted.by == "automation"))
    zone = company.get().timezone
    if wanted.first is not None:
        query = query.where(zones.midnight(wanted.first, zone) <= _AT)
    if wanted.last is not None:
        query = query.where(zones.midnight(wanted.last + timedelta(days=1), zone) > _AT)
    return query


def of_account(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Message]:
    """A page of the account's messages, newest first."""
    query = select(Message).where(Message.account_id == account_id)
    return list(db.session.scalars(query.order_by(Message.id.desc()).offset(offset).limit(limit)))
