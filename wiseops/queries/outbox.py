"""The outbox in lists: what people look for in it, and what they settle together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from wiseops.domain.messages import Status
from wiseops.extensions import db
from wiseops.models import Account, Message, MessageItem
from wiseops.queries import accounts
from wiseops.queries.among import among, rows_of

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

MOST = 50
"""Reasons that one may choose from."""

_AT = func.coalesce(Message.sent_at, Message.settled_at, Message.sending_at, Message.not_before)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; `by` is "automation" or "people", `first` the first moment, `before` the end."""

    view: str = "all"
    channel: str = ""
    by: str = ""
    text: str = ""
    account_id: int | None = None
    first: datetime | None = None
    before: datetime | None = None
    reason: str = ""
    backend: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A message in a list, with its account and what it demands per currency."""

    message: Message
    number: str
    name: str
    at: datetime
    demanded: dict[str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What messages may be looked for by: reasons, each with how many have it, and backends."""

    reasons: Sequence[tuple[str, int]]
    backends: Sequence[str]


def counts(wanted: Wanted) -> dict[str, int]:
    """How many messages each view has; reason and backend narrow the wanted one only."""
    found = _counted(replace(wanted, reason="", backend=""))
    if wanted.reason or wanted.backend:
        found[wanted.view] = _counted(wanted)[wanted.view]
    return found


def _counted(wanted: Wanted) -> dict[str, int]:
    query = _narrowed(select(Message.status, func.count()).group_by(Message.status), wanted)
    by_status = {row[0]: row[1] for row in db.session.execute(query)}
    return {view: sum(by_status.get(status, 0) for status in within) for view, within in VIEWS.items()}


def rows(wanted: Wanted, *, offset: int = 0, limit: int = 50) -> list[Listed]:
    """A page of messages, newest first."""
    query = _narrowed(select(Message, Account.number, Account.name, _AT), wanted)
    query = query.join(Account, Account.id == Message.account_id).where(Message.status.in_(VIEWS[wanted.view]))
    return _listed(query.order_by(Message.id.desc()).offset(offset).limit(limit))


def unclear(wanted: Wanted, *, limit: int) -> list[int]:
    """The ids of the unclear ones among them, oldest first."""
    query = _narrowed(select(Message.id), wanted).where(Message.status == Status.UNKNOWN)
    return list(db.session.scalars(query.order_by(Message.id).limit(limit)))


def unknown(message_ids: Collection[int]) -> list[Listed]:
    """Of these messages those that are still unclear, oldest first."""
    query = select(Message, Account.number, Account.name, _AT).join(Account, Account.id == Message.account_id)
    chosen = query.where(Message.id.in_(message_ids), Message.status == Status.UNKNOWN)
    return _listed(chosen.order_by(Message.id))


def demanded(message_ids: Collection[int]) -> dict[str, int]:
    """What these messages demand together, by currency."""
    sums = select(MessageItem.currency, func.sum(MessageItem.amount)).where(
        among(MessageItem.message_id), MessageItem.demanded
    )
    grouped = sums.group_by(MessageItem.currency).order_by(MessageItem.currency)
    return {row[0]: int(row[1]) for row in rows_of(message_ids, grouped)}


def tried(view: str) -> Tried:
    """The reasons of a view's messages, the most frequent first, and the backends that had them."""
    of_view = Message.status.in_(VIEWS[view])
    count = func.count()
    reasons = select(Message.reason, count).where(of_view, Message.reason != "").group_by(Message.reason)
    backends = select(Message.backend).where(of_view, Message.backend != "").distinct().order_by(Message.backend)
    return Tried(
        [(row[0], row[1]) for row in db.session.execute(reasons.order_by(count.desc(), Message.reason).limit(MOST))],
        list(db.session.scalars(backends)),
    )


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
    if wanted.first is not None:
        query = query.where(wanted.first <= _AT)
    if wanted.before is not None:
        query = query.where(wanted.before > _AT)
    if wanted.reason:
        query = query.where(Message.reason == wanted.reason)
    if wanted.backend:
        query = query.where(Message.backend == wanted.backend)
    return query
