"""What debtors wrote to us."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from wiseops.extensions import db
from wiseops.models import Reply


def find(provider: str, provider_id: str) -> Reply | None:
    """The reply that the provider knows by this id."""
    return db.session.scalar(select(Reply).where(Reply.provider == provider, Reply.provider_id == provider_id))


def of_account(account_id: int, *, offset: int = 0, limit: int = 50) -> list[Reply]:
    """A page of what the account's people wrote, newest first."""
    query = select(Reply).where(Reply.account_id == account_id).order_by(Reply.received_at.desc(), Reply.id.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


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
    unseen = (Reply.account_id.in_(account_ids), Reply.read_at.is_(None), Reply.automatic.is_(False))
    query = select(Reply.account_id, func.count()).where(*unseen).group_by(Reply.account_id)
    return {account_id: count for account_id, count in db.session.execute(query) if account_id is not None}
