"""Rounds that are under way: where somebody is in one, and who has an account open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Round, User

LASTS = timedelta(hours=14)
"""A round that nobody ended is over after a working day."""
_OPEN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """An account's place in a round, from 1."""

    round_id: int
    place: int
    count: int


def get(round_id: int, *, user_id: int) -> Round:
    """A round of this person. Raises NotFound."""
    found = db.session.get(Round, round_id, populate_existing=True)
    if found is None or found.user_id != user_id:
        raise NotFound(f"round {round_id}")
    return found


def place(account_id: int, *, user_id: int, now: datetime) -> Place | None:
    """Where the account stands in the person's latest round that has it."""
    query = select(Round.id, Round.account_ids).where(Round.user_id == user_id, *_under_way(now))
    for round_id, account_ids in db.session.execute(query.order_by(Round.id.desc())):
        if account_id in account_ids:
            return Place(round_id, account_ids.index(account_id) + 1, len(account_ids))
    return None


def open_with(account_ids: Collection[int], *, but: int, now: datetime) -> dict[int, str]:
    """Who has each of these open just now, other than this person."""
    lately = (Round.account_id.in_(account_ids), Round.seen_at > now - _OPEN_FOR, Round.user_id != but)
    query = select(Round.account_id, User.name).join(User, User.id == Round.user_id).where(*lately, *_under_way(now))
    return {key: name for key, name in db.session.execute(query.order_by(Round.seen_at)) if key is not None}


def _under_way(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Round.ended_at.is_(None), Round.started_at > now - LASTS
