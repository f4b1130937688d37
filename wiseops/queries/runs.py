"""Reads engagements as decisions see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select

from wiseops.domain import zones
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import COUNTS_AS_SENT, Attempt, Run
from wiseops.models import Anchor, ClosedStep, Engagement, Message, Task
from wiseops.models.messages import OF_A_STEP
from wiseops.queries import payments
from wiseops.queries.among import among, rows_of

# Built once: building a statement costs more than running it for a few accounts.
_ENGAGEMENTS = (
    select(
        Engagement.id,
        Engagement.account_id,
        Engagement.plan_id,
        Engagement.opened_at,
        Engagement.started_at,
        Engagement.ended_at,
        Engagement.end_reason,
        Engagement.no_channel_since,
        Engagement.follow_up_reason,
        Engagement.follow_up_on,
        Engagement.paid_on,
        Engagement.settled_on,
        exists(1).where(Task.engagement_id == Engagement.id, Task.kind == "call").label("has_calls"),
        exists(1).where(ClosedStep.engagement_id == Engagement.id).label("has_closed"),
    )
    .where(among(Engagement.account_id))
    .where(or_(Engagement.ended_at.is_(None), Engagement.end_reason.in_(("settled", "stopped"))))
    .order_by(Engagement.id.desc())
)
_ANCHORS: Any = select(Anchor.engagement_id, Anchor.entry_id).where(among(Anchor.engagement_id))
_ATTEMPTS: Any = select(
    Message.engagement_id, Message.step, Message.channel, Message.status, Message.not_before, Message.left_at
).where(among(Message.engagement_id), OF_A_STEP)
_CALLS: Any = select(Task.engagement_id, Task.step, Task.status, Task.done_at).where(
    among(Task.engagement_id), Task.kind == "call"
)
_CLOSED: Any = select(ClosedStep.engagement_id, ClosedStep.step, ClosedStep.at).where(among(ClosedStep.engagement_id))


@dataclass(slots=True)
class Runs:
    """The engagements of one account: the open one, the settled ones newest first, items a person stopped."""

    run: Run | None = None
    settled: tuple[Run, ...] = ()
    stopped: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Parts:
    """What belongs to one engagement."""

    anchors: set[int] = field(default_factory=set)
    attempts: dict[tuple[int, str], Attempt] = field(default_factory=dict)
    calls: dict[int, str] = field(default_factory=dict)
    done: dict[int, date] = field(default_factory=dict)
    last_step_at: datetime | None = None
    has_left: bool = False

    def finish(self, step: int, at: datetime, zone: ZoneInfo) -> None:
        day = at.astimezone(zone).date()
        self.done[step] = max(day, self.done.get(step, day))
        if self.last_step_at is None or at > self.last_step_at:
            self.last_step_at = at


def load(account_ids: Sequence[int], rules: Rules) -> dict[int, Runs]:
    """Engagements by account id, of those accounts that have any that still counts."""
    rows = rows_of(account_ids, _ENGAGEMENTS).all()
    if not rows:
        return {}
    zone = zones.zone(rules.zone)
    parts = _parts(rows, zone)
    found: dict[int, Runs] = defaultdict(Runs)
    for row in rows:
        run = _run(row, parts[row.id])
        runs = found[row.account_id]
        if row.ended_at is None:
            runs.run = run
        elif row.end_reason == "settled":
            runs.settled = (*runs.settled, run)
        else:
            runs.stopped |= run.anchors
    _add_payments(found, {row.id: (row.opened_at, parts[row.id]) for row in rows}, zone)
    return found


def _run(row: Any, parts: _Parts) -> Run:
    return Run(
        id=row.id,
        plan_id=row.plan_id,
        anchors=frozenset(parts.anchors),
        started=row.started_at is not None,
        attempts=parts.attempts,
        calls=parts.calls,
        done=parts.done,
        no_channel_since=row.no_channel_since,
        follow_up=row.follow_up_reason,
        follow_up_on=row.follow_up_on,
        paid_on=row.paid_on,
        settled_on=row.settled_on,
    )


def _parts(rows: Sequence[Any], zone: ZoneInfo) -> Mapping[int, _Parts]:
    parts: dict[int, _Parts] = defaultdict(_Parts)
    ids = [row.id for row in rows]
    for engagement_id, entry_id in rows_of(ids, _ANCHORS):
        parts[engagement_id].anchors.add(entry_id)
    for engagement_id, step, channel, status, due, at in rows_of(ids, _ATTEMPTS):
        part = parts[engagement_id]
        part.attempts[step, channel] = Attempt(status, due)
        if status in COUNTS_AS_SENT:
            part.has_left = True
            part.finish(step, at, zone)
    if called := [row.id for row in rows if row.has_calls]:
        for engagement_id, step, status, at in rows_of(called, _CALLS):
            parts[engagement_id].calls[step] = status
            if at is not None:
                parts[engagement_id].finish(step, at, zone)
    if closed := [row.id for row in rows if row.has_closed]:
        for engagement_id, step, at in rows_of(closed, _CLOSED):
            parts[engagement_id].done.setdefault(step, at.astimezone(zone).date())
    return parts


def _add_payments(found: dict[int, Runs], parts: Mapping[int, tuple[datetime, _Parts]], zone: ZoneInfo) -> None:
    """Sets `pushed_on` and `paid_on` of the open engagements that have a message or a task."""
    open_runs = {account_id: runs.run for account_id, runs in found.items() if runs.run and runs.run.has_trace}
    if not open_runs:
        return
    found_payments = payments.load(list(open_runs))
    for account_id, run in open_runs.items():
        opened_at, part = parts[run.id or 0]
        pushed_on = paid_on = None
        for payment in found_payments.get(account_id, ()):
            day = payment.posted_at.astimezone(zone).date()
            since = part.last_step_at
            is_later = part.has_left and since is not None and payment.posted_at >= since
            if pushed_on is None and is_later and payment.touches_overdue(day):
                pushed_on = day
            if payment.posted_at >= opened_at and (not payment.debits or payment.debits.keys() & run.anchors):
                paid_on = max(day, paid_on or day)
        found[account_id].run = replace(run, pushed_on=pushed_on, paid_on=paid_on)
