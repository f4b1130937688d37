"""Calls that we started: under way, and not noted yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from wiseops.domain import calls
from wiseops.domain.calls import ENDS
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Call, User
from wiseops.queries import automation


@dataclass(frozen=True, slots=True)
class Live:
    """A call that may still go on, and who makes it."""

    row: Call
    by: str


def get(account_id: int, call_id: int) -> Call:
    """The account's call, or NotFound."""
    found = db.session.get(Call, call_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(f"call {call_id}")
    return found


def referred_to(ref: str, leg_id: str, talk_id: str) -> Call | None:
    """The call that an event is about: by our reference, else by the provider's ids."""
    known = [Call.ref == ref] if ref else []
    known += [Call.conversation_uuid == talk_id] if talk_id else []
    known += [Call.leg_uuid == leg_id] if leg_id else []
    for condition in known:
        if (found := db.session.scalar(select(Call).where(condition).limit(1))) is not None:
            return found
    return None


def live(now: datetime, *, account_id: int, by_id: int) -> Iterator[Live]:
    """Calls under way to this account, or of this person."""
    recent = Call.started_at > now - calls.LONGEST - calls.LONGEST
    of_these = or_(Call.account_id == account_id, Call.by_id == by_id)
    query = (
        select(Call, User.name)
        .join(User, User.id == Call.by_id)
        .where(of_these, recent, Call.state.not_in(ENDS), Call.activity_id.is_(None))
        .order_by(Call.id.desc())
        .limit(20)
    )
    for row, name in db.session.execute(query):
        if calls.lasts(row.state, row.heard_at, now):
            yield Live(row, name)


def unlogged(account_id: int, by_id: int, now: datetime) -> list[Call]:
    """This person's calls to the account, of the last day, that reached it and wait to be noted; the latest first."""
    query = select(Call).where(
        Call.account_id == account_id,
        Call.by_id == by_id,
        Call.activity_id.is_(None),
        Call.debtor_leg != "",
        Call.started_at > now - calls.LONGEST * 12,
    )
    rows = db.session.scalars(query.order_by(Call.id.desc()).limit(5))
    return [row for row in rows if not calls.lasts(row.state, row.heard_at, now)]


def hindrance() -> str | None:
    """What keeps us from calling anybody as a whole: `trial` or `stopped`."""
    switch = automation.switch()
    return "stopped" if switch.stopped else "trial" if switch.mode == "trial" else None
