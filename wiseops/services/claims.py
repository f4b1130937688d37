"""Claims: which worker may send a message, for how long. Nothing claimed has left yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from wiseops.domain import zones
from wiseops.domain.messages import Status
from wiseops.extensions import db
from wiseops.models import Automation, Channel, Company, Message
from wiseops.queries import automation as queries
from wiseops.services.transaction import transaction

BATCH = 50
LASTS = timedelta(seconds=120)
_QUIET = {"synchronize_session": False}
_FREE = {"status": Status.QUEUED, "claimed_by": None, "claimed_until": None}


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that one worker may look at."""

    message_id: int
    account_id: int
    channel: str


def take(channel: str, *, worker: str, now: datetime, paused: bool | None = None) -> list[Claim]:
    """Claims what is due on a channel, oldest first: automatic messages only while automation runs.

    `paused` None: as the switch says. Nothing where the channel rests, or it or all sending is stopped.
    """
    with transaction():
        switch = queries.switch()
        if paused is None:
            paused = queries.is_paused(switch, now)
        if switch.stopped:
            return []
        if paused:
            return _claim(channel, worker, now, BATCH, automated=False)
        left = _left_today(switch, now)
        if left is None:
            return _claim(channel, worker, now, BATCH, automated=None)
        people = _claim(channel, worker, now, BATCH, automated=False)
        return people + (_claim(channel, worker, now, min(BATCH, left), automated=True) if left > 0 else [])


def give_back(worker: str, message_ids: Iterable[int] | None = None) -> None:
    """What the worker claimed and did not begin to send is queued again."""
    mine = [Message.status == Status.CLAIMED, Message.claimed_by == worker]
    if message_ids is not None:
        mine.append(Message.id.in_(list(message_ids)))
    with transaction():
        # Rows that a pause is cancelling at this moment are skipped, not waited for.
        free = select(Message.id).where(*mine).with_for_update(skip_locked=True).cte()
        db.session.execute(
            update(Message).where(Message.id.in_(select(free.c.id))).values(**_FREE).execution_options(**_QUIET)
        )


def expire(now: datetime) -> int:
    """Claims whose worker did not come back are queued again: nothing left. Answers how many."""
    with transaction():
        late = (Message.status == Status.CLAIMED, Message.claimed_until < now)
        free = select(Message.id).where(*late).with_for_update(skip_locked=True).cte()
        freed = update(Message).where(Message.id.in_(select(free.c.id))).values(**_FREE).returning(Message.id)
        return len(db.session.execute(freed.execution_options(**_QUIET)).all())


def _claim(channel: str, worker: str, now: datetime, limit: int, *, automated: bool | None) -> list[Claim]:
    shut = or_(Channel.stopped_at.is_not(None), Channel.rests_until > now)
    due = [
        Message.status == Status.QUEUED,
        Message.not_before <= now,
        Message.channel == channel,
        ~select(Channel.id).where(Channel.name == channel, shut).exists(),
    ]
    if automated is not None:
        due.append(Message.automated.is_(automated))
    oldest = select(Message.id).where(*due).order_by(Message.not_before, Message.id).limit(limit)
    chosen = oldest.with_for_update(skip_locked=True).cte()
    claimed = (
        update(Message)
        .where(Message.id.in_(select(chosen.c.id)), Message.status == Status.QUEUED)
        .values(status=Status.CLAIMED, claimed_by=worker, claimed_until=now + LASTS)
        .returning(Message.id, Message.account_id, Message.not_before)
    )
    rows = db.session.execute(claimed.execution_options(**_QUIET)).all()
    return [Claim(row.id, row.account_id, channel) for row in sorted(rows, key=lambda row: (row.not_before, row.id))]


def _left_today(switch: Automation, now: datetime) -> int | None:
    """How many automatic messages the daily limit still allows; workers count one after the other."""
    if switch.daily_limit is None:
        return None
    db.session.execute(select(Automation.id).where(Automation.id == 1).with_for_update())
    zone = db.session.scalars(select(Company.timezone).where(Company.id == 1)).one()
    midnight = zones.midnight(now.astimezone(zones.zone(zone)).date(), zone)
    gone = or_(Message.status.in_((Status.CLAIMED, Status.SENDING)), Message.left_at >= midnight)
    counted = select(func.count()).where(Message.automated, Message.status.not_in((Status.QUEUED, Status.CANCELLED)))
    return switch.daily_limit - db.session.scalars(counted.where(gone)).one()
