"""Judgements of promises: what was decided about them is stored, with the tasks that it makes needless."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, update

from wiseops.domain import money
from wiseops.domain.automation.decision import DropTask, Effect, Judge
from wiseops.domain.promises import Status
from wiseops.extensions import db
from wiseops.models import Promise, Task
from wiseops.services import events


def apply(effects: Iterable[Effect], *, now: datetime, today: date) -> None:
    """Stores the effects of one account's decision. The caller has locked the account row."""
    for effect in effects:
        if isinstance(effect, Judge):
            promise = db.session.get_one(Promise, effect.promise_id, populate_existing=True)
            promise.received, promise.judged_on = effect.received, today
            end(promise, effect.status, at=now)
        elif isinstance(effect, DropTask):
            _drop(Task.key == effect.key)


def end(promise: Promise, status: str, *, at: datetime, by_id: int | None = None, reason: str = "") -> None:
    """The promise is over; the tasks that its days made go with it."""
    promise.status = Status(status)
    promise.ended_at, promise.ended_by_id, promise.end_reason = at, by_id, reason
    _drop(Task.account_id == promise.account_id, Task.key.startswith(f"promise_due:{promise.id}:"))
    tell(f"promise_{status}", promise, at=at, by_id=by_id, reason=reason)


def tell(event: str, promise: Promise, *, at: datetime, by_id: int | None, reason: str = "") -> None:
    """A line of the timeline about a promise."""
    facts = {
        "promise": promise.id,
        "amount": money.plain(promise.amount, promise.currency),
        "currency": promise.currency,
        "received": money.plain(promise.received, promise.currency),
        "due_on": promise.due_on.isoformat(),
        "reason": reason,
    }
    events.record(event, account_id=promise.account_id, at=at, by_id=by_id, **facts)


def _drop(*which: ColumnElement[bool]) -> None:
    db.session.execute(update(Task).where(*which, Task.status == "open").values(status="cancelled"))
