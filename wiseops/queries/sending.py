"""How messages go as a whole: mode, limits, pace, and who turned what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from wiseops.extensions import db
from wiseops.models import Automation, AutomationSwitch, Channel, User

KINDS = ("mode", "stopped", "started")
_GATES = (
    select(Automation, Channel)
    .join(Channel, Channel.name == bindparam("channel"))
    .where(Automation.id == 1)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a switch; `by` None: nobody signed in."""

    kind: str
    at: datetime
    by: str | None
    reason: str


def gates(channel: str) -> tuple[Automation, Channel]:
    """The switch and the channel, read at once: what every message of the channel passes."""
    row = db.session.execute(_GATES, {"channel": channel}).one()
    return row[0], row[1]


def is_shut(switch: Automation, channel: Channel, now: datetime) -> bool:
    """Whether nothing may go there at `now`, a person's messages neither."""
    rests = channel.rests_until is not None and now < channel.rests_until
    return switch.stopped or channel.stopped_at is not None or rests


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
