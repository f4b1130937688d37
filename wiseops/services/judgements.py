"""Judgements of promises and disputes: what was decided about them is stored, and the tasks it makes needless go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, update

from wiseops.domain import money
from wiseops.domain.automation.decision import DropTask, Effect, Excuse, Judge, Settle
from wiseops.domain.disputes import RESTING
from wiseops.domain.promises import Status
from wiseops.extensions import db
from wiseops.models import Dispute, Entry, Promise, PromisePart, Task
from wiseops.services import events


def apply(effects: Iterable[Effect], *, now: datetime, today: date) -> None:
    """Stores the effects of one account's decision. The caller has locked the account row."""
    for effect in effects:
        if isinstance(effect, Judge):
            promise = db.session.get_one(Promise, effect.promise_id, populate_existing=True)
            promise.received, promise.judged_on = effect.received, today
            overtaken = "All of it was disputed." if effect.status == Status.CANCELLED else ""
            end(promise, effect.status, at=now, reason=overtaken)
        elif isinstance(effect, Excuse):
            part = {"promise_id": effect.promise_id, "place": effect.place}
            db.session.get_one(PromisePart, part).excused = effect.amount
        elif isinstance(effect, Settle):
            dispute = db.session.get_one(Dispute, effect.dispute_id, populate_existing=True)
            settle(dispute, effect.status, at=now)
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


def settle(dispute: Dispute, status: str, *, at: datetime, by_id: int | None = None, reason: str = "") -> None:
    """The dispute's new status; once it is over, what its owner had to do goes with it."""
    was_over, dispute.status = dispute.status not in RESTING, status
    dispute.ended_at = None if status in RESTING else at
    if status not in RESTING:
        keys = (Task.key.startswith(f"{kind}:{dispute.id}:") for kind in ("dispute_due", "dispute_credit"))
        _drop(Task.account_id == dispute.account_id, or_(*keys))
    elif was_over:
        _ask_again(dispute)
    event = "dispute_resumed" if was_over else f"dispute_{status}"
    tell_dispute(event, dispute, at=at, by_id=by_id, reason=reason)


def tell_dispute(event: str, dispute: Dispute, *, at: datetime, by_id: int | None, reason: str = "") -> None:
    """A line of the timeline about a dispute."""
    facts = {
        "dispute": dispute.id,
        "item": db.session.get_one(Entry, dispute.entry_id).number,
        "amount": money.plain(dispute.amount, dispute.currency),
        "granted": money.plain(dispute.granted or 0, dispute.currency),
        "currency": dispute.currency,
        "ground": dispute.ground,
        "due_on": dispute.due_on.isoformat(),
        "reason": reason,
    }
    events.record(event, account_id=dispute.account_id, at=at, by_id=by_id, **facts)


def _ask_again(dispute: Dispute) -> None:
    """What its owner had to do when it ended, since what ended it was taken back."""
    due = f"dispute_due:{dispute.id}:{dispute.due_on.isoformat()}"
    key = due if dispute.granted is None else f"dispute_credit:{dispute.id}:"
    db.session.execute(update(Task).where(Task.key == key, Task.status == "cancelled").values(status="open"))


def _drop(*which: ColumnElement[bool]) -> None:
    db.session.execute(update(Task).where(*which, Task.status == "open").values(status="cancelled"))
