"""What debtors wrote to us."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, select, text

from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Waiting
from wiseops.extensions import db
from wiseops.models import Reply, ReplyPart
from wiseops.queries.among import among, rows_of

WAITS: Any = text("replies.handled_at IS NULL AND NOT replies.automatic")
"""Nobody has dealt with it. As the partial index has it, so that this serves it."""
_HERE_SINCE: Any = func.coalesce(Reply.placed_at, Reply.received_at)
_WAITING: Any = (
    select(Reply.account_id, func.min(Reply.id), func.min(Reply.received_at), func.max(_HERE_SINCE))
    .where(among(Reply.account_id), WAITS)
    .group_by(Reply.account_id)
)
_UNSEEN = (Reply.read_at.is_(None), Reply.automatic.is_(False))
_STANDING = select(func.count(case((and_(*_UNSEEN), 1))), func.min(case((WAITS, Reply.received_at)))).where(
    Reply.account_id == bindparam("account_id")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many replies of an account nobody has seen, and when the oldest came that nobody has dealt with."""

    unread: int
    waits_since: datetime | None


def find(provider: str, provider_id: str) -> Reply | None:
    """The reply that the provider knows by this id, or that has such a part."""
    whole = select(Reply).where(Reply.provider == provider, Reply.provider_id == provider_id)
    of_part = select(Reply).join(ReplyPart, ReplyPart.reply_id == Reply.id)
    part = of_part.where(ReplyPart.provider == provider, ReplyPart.provider_id == provider_id)
    return db.session.scalar(whole) or db.session.scalar(part)


def parts(reply_id: int) -> list[ReplyPart]:
    """What it came in, if it came in parts, as they came."""
    return list(db.session.scalars(select(ReplyPart).where(ReplyPart.reply_id == reply_id).order_by(ReplyPart.id)))


def near(reply: Reply, *, within: timedelta) -> list[Reply]:
    """What its sender wrote to the same number about then, and nobody has seen, the latest first."""
    same = (Reply.from_address == reply.from_address, Reply.to_address == reply.to_address)
    here = Reply.account_id.is_not_distinct_from(reply.account_id)
    about = Reply.received_at.between(reply.received_at - within, reply.received_at + within)
    unseen = (Reply.read_at.is_(None), Reply.handled_at.is_(None))
    query = select(Reply).where(*same, here, about, Reply.channel == reply.channel, *unseen)
    return list(db.session.scalars(query.order_by(Reply.received_at.desc(), Reply.id.desc())))


def of_account(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Reply]:
    """A page of what the account's people wrote, newest first."""
    query = select(Reply).where(Reply.account_id == account_id).order_by(Reply.received_at.desc(), Reply.id.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def waiting(account_ids: Collection[int], rules: Rules) -> dict[int, Waiting]:
    """What nobody has dealt with, of the accounts that have such."""
    found = rows_of(account_ids, _WAITING)
    return {key: Waiting(first_id, rules.today(first), rules.today(last)) for key, first_id, first, last in found}


def waiting_since(account_id: int, *, up_to: int | None = None) -> datetime | None:
    """When the oldest came that nobody has dealt with; of all, or of those up to this one."""
    query = select(func.min(Reply.received_at)).where(Reply.account_id == account_id, WAITS)
    return db.session.scalar(query if up_to is None else query.where(Reply.id <= up_to))


def standing(account_id: int) -> Standing:
    """What of the account's replies is still to be done."""
    unread, since = db.session.execute(_STANDING, {"account_id": account_id}).one()
    return Standing(unread, since)


def mail(account_id: int, reply_id: int) -> Reply | None:
    """An e-mail of the account."""
    reply = db.session.get(Reply, reply_id)
    return reply if reply is not None and reply.account_id == account_id and reply.channel == "email" else None


def latest(account_id: int) -> int:
    """The id of the reply that came last, by mail too; 0 where there is none."""
    return db.session.scalar(select(func.max(Reply.id)).where(Reply.account_id == account_id)) or 0


def last_word(number: str) -> int | None:
    """The reply in which the number last asked to be left alone, or to be written to again; STOP of two at once."""
    asked = (Reply.from_address == number, Reply.keyword.in_(("stop", "start")))
    latest = select(Reply.id).where(*asked).order_by(Reply.received_at.desc(), Reply.keyword.desc(), Reply.id.desc())
    return db.session.scalar(latest.limit(1))


def assigned_to(address: str) -> int | None:
    """The account that has the latest reply of this sender."""
    placed = select(Reply.account_id).where(Reply.from_address == address, Reply.account_id.is_not(None))
    return db.session.scalar(placed.order_by(Reply.id.desc()).limit(1))


def unread(account_ids: Collection[int]) -> dict[int, int]:
    """How many replies nobody has seen, of the accounts that have such."""
    query = (
        select(Reply.account_id, func.count())
        .where(Reply.account_id.in_(account_ids), *_UNSEEN)
        .group_by(Reply.account_id)
    )
    return {account_id: count for account_id, count in db.session.execute(query) if account_id is not None}
