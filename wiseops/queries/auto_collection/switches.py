"""The switch as people see it: who turned it, when and why, and what goes soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from wiseops.domain.automation.decision import Stage
from wiseops.extensions import db
from wiseops.models import Account, Automation, User
from wiseops.queries import automation

_GOING = (Stage.SCHEDULED, Stage.ENGAGED)


@dataclass(frozen=True, slots=True)
class Switch:
    """Paused or running; `by` None: nobody signed in turned it."""

    paused: bool
    at: datetime | None
    by: str | None
    reason: str
    until: datetime | None
    mode: str
    stopped: bool
    trial_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Soon:
    """What goes until a moment, unless something stops it: messages and call tasks; `first` the next, however far."""

    messages: int
    calls: int
    first: datetime | None


def read() -> Switch:
    """The switch as it stands."""
    row, by = db.session.execute(
        select(Automation, User.name)
        .outerjoin(User, User.id == Automation.paused_by_id)
        .where(Automation.id == 1)
        .execution_options(populate_existing=True)
    ).one()
    return Switch(
        paused=row.paused,
        at=row.paused_at,
        by=by,
        reason=row.pause_reason,
        until=row.pause_until,
        mode=row.mode,
        stopped=row.stopped,
        trial_to=tuple(address for address in (row.trial_email, row.trial_phone) if address),
    )


def soon(now: datetime, *, within: timedelta) -> Soon:
    """Counted from the end of a pause that has one, as nothing goes before."""
    switch = automation.switch()
    start = max(now, switch.pause_until) if switch.paused and switch.pause_until else now
    query = (
        select(Account.plan_id, Account.step, func.count())
        .where(Account.stage.in_(_GOING), Account.send_at <= start + within)
        .group_by(Account.plan_id, Account.step)
    )
    plans = automation.rules().plans
    messages, calls = 0, 0
    for plan_id, step, count in db.session.execute(query):
        plan = plans.get(plan_id or 0)
        if plan and any(each.position == step and each.channels[:1] == ("call",) for each in plan.steps):
            calls += count
        else:
            messages += count
    firsts = [db.session.scalar(select(func.min(Account.send_at)).where(Account.stage == stage)) for stage in _GOING]
    return Soon(messages, calls, min((first for first in firsts if first), default=None))
