"""Traces: when accounts were last contacted, and which tasks they were given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select, text

from wiseops.domain.automation.snapshot import COUNTS_AS_SENT, IN_FLIGHT
from wiseops.models import Activity, Call, Message, Task
from wiseops.queries.among import among, rows_of
from wiseops.queries.unindexed import unindexed

_LEFT_AT = func.coalesce(Message.left_at, Message.not_before)
# What a person wrote and is about to leave counts as the contact that it will be.
_ABOUT_TO_LEAVE = and_(unindexed(Message.automated).is_(False), unindexed(Message.status).in_(sorted(IN_FLIGHT)))
_LAST_MESSAGES = (
    select(Message.account_id, Message.automated, func.max(_LEFT_AT))
    .where(among(Message.account_id), or_(unindexed(Message.status).in_(sorted(COUNTS_AS_SENT)), _ABOUT_TO_LEAVE))
    .group_by(Message.account_id, Message.automated)
)
# Written into the statement, so that the partial index of calls that went out serves it.
_CALLED: Any = (among(Activity.account_id), text("kind = 'call' AND direction = 'out'"))
_LAST_CALLS: Any = select(Activity.account_id, func.max(Activity.at)).where(*_CALLED).group_by(Activity.account_id)
_ANSWERED: Any = (among(Call.account_id), text("answered_at IS NOT NULL AND activity_id IS NULL"))
_LAST_ANSWERED: Any = select(Call.account_id, func.max(Call.answered_at)).where(*_ANSWERED).group_by(Call.account_id)
_MEANT = (among(Task.account_id), or_(Task.key.is_not(None), Task.kind == "call"))
_TASKS = select(Task.account_id, Task.kind, Task.key, Task.status, Task.done_at).where(*_MEANT)
_ANY: Any = select(
    exists(1).where(*_CALLED).label("called"),
    exists(1).where(*_ANSWERED).label("answered"),
    exists(1).where(*_MEANT).label("tasks"),
)
"""Most accounts have none of these: asked together first, for a few accounts at a time."""

_WITHDRAWN = ("promise_due", "dispute_due", "dispute_credit")
"""Kinds of tasks that go when what they ask for has happened by itself."""


@dataclass(slots=True)
class Traces:
    """By account id: the company day of the last contact and of the last automatic step, and keys of tasks."""

    contacts: dict[int, date] = field(default_factory=dict)
    steps: dict[int, date] = field(default_factory=dict)
    task_keys: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    due_tasks: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def contact(self, account_id: int, at: datetime, zone: ZoneInfo, *, is_step: bool) -> None:
        day = at.astimezone(zone).date()
        self.contacts[account_id] = max(day, self.contacts.get(account_id, day))
        if is_step:
            self.steps[account_id] = max(day, self.steps.get(account_id, day))


def load(account_ids: Sequence[int], zone: ZoneInfo) -> Traces:
    """The traces of these accounts; `zone` is the company's."""
    traces = Traces()
    for account_id, automated, at in rows_of(account_ids, _LAST_MESSAGES):
        traces.contact(account_id, at, zone, is_step=automated)
    found = rows_of(account_ids, _ANY).one()
    for statement in [_LAST_CALLS] * found.called + [_LAST_ANSWERED] * found.answered:
        for account_id, at in rows_of(account_ids, statement):
            traces.contact(account_id, at, zone, is_step=False)
    if found.tasks:
        _read_tasks(traces, account_ids, zone)
    return traces


def _read_tasks(traces: Traces, account_ids: Sequence[int], zone: ZoneInfo) -> None:
    for account_id, kind, key, status, done_at in rows_of(account_ids, _TASKS):
        if key:
            traces.task_keys[account_id].add(key)
        if key and kind in _WITHDRAWN and status == "open":
            traces.due_tasks[account_id].add(key)
        if kind == "call" and status == "done" and done_at is not None:
            traces.contact(account_id, done_at, zone, is_step=True)
