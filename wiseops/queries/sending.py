"""How messages go as a whole: mode, limits, pace, and who turned what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wiseops.extensions import db
from wiseops.models import AutomationSwitch, Channel, User

KINDS = ("mode", "stopped", "started")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a switch; `by` None: nobody signed in."""

    kind: str
    at: datetime
    by: str | None
    reason: str


def channels() -> list[Channel]:
    """Every channel with its pace."""
    return list(db.session.scalars(select(Channel).order_by(Channel.name)))


def turns(limit: int = 10) -> list[Turn]:
    """Who went live or back to trial, and who stopped and started all sending, the latest first."""
    query = (
        select(AutomationSwitch.kind, AutomationSwitch.at, User.name, AutomationSwitch.reason)
        .outerjoin(User, User.id == AutomationSwitch.by_id)
        .where(AutomationSwitch.kind.in_(KINDS))
        .order_by(AutomationSwitch.id.desc())
        .limit(limit)
    )
    return [Turn(*row) for row in db.session.execute(query)]
