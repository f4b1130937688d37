"""Carries out what was decided about engagements: for many accounts at once, inside the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Table, bindparam, delete, select, update

from wiseops.domain.automation.decision import (
    AddAnchors,
    Effect,
    End,
    FollowUp,
    MakeTask,
    NoChannel,
    Open,
    PassOver,
    Queue,
    Reopen,
    Start,
)
from wiseops.extensions import db
from wiseops.models import Anchor, ClosedStep, Engagement, Event, Message, Task
from wiseops.models.messages import OF_A_STEP
from wiseops.queries.among import among, rows_of
from wiseops.queries.unindexed import unindexed
from wiseops.services import rows as table_rows

E = TypeVar("E", bound=Effect)
_TABLE = cast(Table, Engagement.__table__)
_OPENED = select(_TABLE.c.account_id, _TABLE.c.id).where(among(_TABLE.c.account_id), _TABLE.c.ended_at.is_(None))


@dataclass(slots=True)
class Outcome:
    """The effects of one account's decision; `engagement_id` of its open engagement, as it changes."""

    account_id: int
    engagement_id: int | None
    send_at: datetime | None
    effects: Sequence[Effect]
    matched: frozenset[int] = frozenset()


def apply(outcomes: Sequence[Outcome], *, now: datetime, today: date) -> int:
    """Stores all effects. Returns how many messages were queued. The caller has locked the account rows."""
    _end(outcomes, now, today)
    _reopen(outcomes)
    started = {outcome.account_id: effect.anchors for outcome, effect in _each(outcomes, Start)}
    _open(outcomes, started, now)
    _anchor(outcomes, started, now)
    _mark(outcomes, now, today)
    _make_tasks(outcomes, now)
    return _queue(outcomes, now)


def _each(outcomes: Iterable[Outcome], kind: type[E]) -> Iterator[tuple[Outcome, E]]:
    for outcome in outcomes:
        for effect in outcome.effects:
            if isinstance(effect, kind):
                yield outcome, effect


def _end(outcomes: Sequence[Outcome], now: datetime, today: date) -> None:
    rows = []
    for outcome, end in _each(outcomes, End):
        settled = today if end.why == "settled" else None
        rows.append({"key": outcome.engagement_id, "why": end.why, "settled": settled, "paid": end.paid_on})
        _note(outcome, f"engagement_{end.why}", now, engagement=outcome.engagement_id)
        outcome.engagement_id = None
    _update(rows, ended_at=now, end_reason=bindparam("why"), settled_on=bindparam("settled"), paid_on=bindparam("paid"))
    if rows:
        ended = [row["key"] for row in rows]
        db.session.execute(
            update(Message)
            .where(Message.engagement_id.in_(ended), OF_A_STEP, unindexed(Message.status) == "queued")
            .values(status="cancelled", reason="engagement_ended", settled_at=now)
            .execution_options(synchronize_session=False)
        )


def _reopen(outcomes: Sequence[Outcome]) -> None:
    rows = []
    for outcome, reopen in _each(outcomes, Reopen):
        rows.append({"key": reopen.engagement_id})
        outcome.engagement_id = reopen.engagement_id
    _update(rows, ended_at=None, end_reason=None, settled_on=None, paid_on=None)


def _open(outcomes: Sequence[Outcome], started: Mapping[int, frozenset[int]], now: datetime) -> None:
    opened = list(_each(outcomes, Open))
    if not opened:
        return
    rows = [
        {
            "account_id": outcome.account_id,
            "plan_id": effect.plan_id,
            "opened_at": now,
            "started_at": now if outcome.account_id in started else None,
        }
        for outcome, effect in opened
    ]
    table_rows.add(Engagement, rows)
    accounts = [outcome.account_id for outcome, _ in opened]
    ids = {row.account_id: row.id for row in rows_of(accounts, _OPENED)}
    for outcome, effect in opened:
        outcome.engagement_id = ids[outcome.account_id]
        outcome.matched = effect.items


def _anchor(outcomes: Sequence[Outcome], started: Mapping[int, frozenset[int]], now: datetime) -> None:
    """What an engagement matched; when step 1's moment comes, its anchors take their place."""
    begun = [outcome.engagement_id for outcome in outcomes if outcome.account_id in started and not outcome.matched]
    if begun:
        db.session.execute(delete(Anchor).where(Anchor.engagement_id.in_(begun)))
        _update([{"key": engagement_id} for engagement_id in begun], started_at=now)
    rows = [
        {"engagement_id": outcome.engagement_id, "entry_id": item}
        for outcome in outcomes
        for item in sorted(started.get(outcome.account_id, outcome.matched))
    ]
    rows += [
        {"engagement_id": outcome.engagement_id, "entry_id": item}
        for outcome, effect in _each(outcomes, AddAnchors)
        for item in sorted(effect.items)
    ]
    table_rows.add(Anchor, rows)


def _mark(outcomes: Sequence[Outcome], now: datetime, today: date) -> None:
    passed = [
        {"engagement_id": outcome.engagement_id, "step": effect.step, "how": "passed_over", "at": now}
        for outcome, effect in _each(outcomes, PassOver)
    ]
    table_rows.add(ClosedStep, passed)
    since = [{"key": outcome.engagement_id, "since": effect.since} for outcome, effect in _each(outcomes, NoChannel)]
    _update(since, no_channel_since=bindparam("since"))
    taken_over = []
    for outcome, effect in _each(outcomes, FollowUp):
        taken_over.append({"key": outcome.engagement_id, "why": effect.why})
        _note(outcome, "follow_up_began", now, why=effect.why)
    _update(taken_over, follow_up_reason=bindparam("why"), follow_up_on=today)


def _make_tasks(outcomes: Sequence[Outcome], now: datetime) -> None:
    rows = []
    for outcome, task in _each(outcomes, MakeTask):
        rows.append(
            {
                "account_id": outcome.account_id,
                "engagement_id": outcome.engagement_id,
                "step": task.step,
                "kind": task.kind,
                "key": task.key.replace(":new", f":{outcome.engagement_id}"),
                "facts": task.facts,
                "due_on": task.due_on,
                "assignee_id": task.assignee_id,
                "created_at": now,
            }
        )
    table_rows.add(Task, rows)


def _queue(outcomes: Sequence[Outcome], now: datetime) -> int:
    rows = [
        {
            "account_id": outcome.account_id,
            "engagement_id": outcome.engagement_id,
            "step": queue.step,
            "channel": queue.channel,
            "automated": True,
            "ref": str(uuid.uuid4()),
            "queued_at": now,
            "not_before": outcome.send_at or now,
        }
        for outcome, queue in _each(outcomes, Queue)
    ]
    table_rows.add(Message, rows)
    return len(rows)


def _note(outcome: Outcome, kind: str, now: datetime, **facts: Any) -> None:
    db.session.add(Event(kind=kind, account_id=outcome.account_id, at=now, facts=facts))


def _update(rows: list[dict[str, Any]], **values: Any) -> None:
    if rows:
        db.session.connection().execute(update(_TABLE).where(_TABLE.c.id == bindparam("key")).values(**values), rows)
