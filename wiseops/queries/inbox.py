"""The inbox: what was written to us and nobody has dealt with, a line for each sender at each account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account, Reply, User

VIEWS = ("all", "mine", "unassigned")
BY_PROGRAMS = "programs"
"""What no person wrote and nobody can place: it waits for nobody, and is there to be found."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The latest reply of a sender; `account` and `owner` None where nobody knows whose it is."""

    reply: Reply
    account: Account | None
    owner: str | None
    count: int
    unread: int
    since: datetime


def rows(view: str, *, user_id: int, offset: int = 0, limit: int = 50) -> list[Waiting]:
    """A page of what waits: without an account first, then the longest waiting."""
    each = _senders(view, user_id)
    query = (
        select(Reply, Account, User.name, each.c.count, each.c.unread, each.c.since)
        .join(each, each.c.last == Reply.id)
        .outerjoin(Account, Account.id == Reply.account_id)
        .outerjoin(User, User.id == Account.owner_id)
        .order_by(Reply.account_id.is_not(None), each.c.since, Reply.id)
    )
    return [
        Waiting(reply, account, owner, count, int(unread), since)
        for reply, account, owner, count, unread, since in db.session.execute(query.offset(offset).limit(limit))
    ]


def counts(*, user_id: int) -> dict[str, int]:
    """How many lines each view has."""
    each = _senders("all", user_id)
    is_mine = cast(Account.owner_id == user_id, Integer)
    query = select(func.count(), func.sum(is_mine), func.sum(cast(each.c.account_id.is_(None), Integer)))
    found = db.session.execute(query.select_from(each).outerjoin(Account, Account.id == each.c.account_id)).one()
    return dict(zip(VIEWS, (int(number or 0) for number in found), strict=True))


def count(view: str = "all") -> int:
    """How many lines there are, whoever looks."""
    return db.session.scalar(select(func.count()).select_from(_senders(view, 0))) or 0


def get(reply_id: int) -> tuple[Reply, Account | None]:
    """A reply and its account. Raises NotFound."""
    query = select(Reply, Account).outerjoin(Account, Account.id == Reply.account_id).where(Reply.id == reply_id)
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound(f"reply {reply_id}")
    return found[0], found[1]


def _senders(view: str, user_id: int) -> Any:
    query = select(
        Reply.account_id,
        func.max(Reply.id).label("last"),
        func.count().label("count"),
        func.sum(cast(Reply.read_at.is_(None), Integer)).label("unread"),
        func.min(Reply.received_at).label("since"),
    ).where(Reply.handled_at.is_(None), Reply.automatic.is_(view == BY_PROGRAMS))
    if view == "mine":
        query = query.where(Reply.account_id.in_(select(Account.id).where(Account.owner_id == user_id)))
    if view in ("unassigned", BY_PROGRAMS):
        query = query.where(Reply.account_id.is_(None))
    return query.group_by(Reply.account_id, Reply.from_address).subquery()
