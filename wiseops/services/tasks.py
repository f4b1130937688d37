"""Tasks: given to somebody, and done. A call that was made is a contact, so the account is decided anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Task, User
from wiseops.services import automation, events, locks
from wiseops.services.transaction import transaction

LONGEST_OUTCOME = 2000


def create(
    account_id: int,
    *,
    note: str,
    due_on: date,
    kind: str = "other",
    assignee_id: int | None = None,
    now: datetime,
    by_id: int | None = None,
) -> int:
    """A task that a person sets. Its id."""
    note = note.strip()
    if not note:
        raise Refused("Say what is to be done.", "note")
    if len(note) > LONGEST_OUTCOME:
        raise Refused(f"Use at most {LONGEST_OUTCOME} characters.", "note")
    with transaction():
        task_id = add(account_id, kind=kind, note=note, due_on=due_on, assignee_id=assignee_id, now=now, by_id=by_id)
        facts = {"task": task_id, "task_kind": kind, "note": note[:300]}
        events.record("task_created", account_id=account_id, at=now, by_id=by_id, **facts)
        return task_id


def add(
    account_id: int,
    *,
    kind: str,
    note: str,
    due_on: date,
    assignee_id: int | None,
    now: datetime,
    by_id: int | None,
    **more: Any,
) -> int:
    """As create, without a line on the timeline: for what has one already. `more` are other columns of the task."""
    with transaction():
        check_assignee(assignee_id)
        task = Task(
            account_id=account_id,
            kind=kind,
            note=note,
            due_on=due_on,
            assignee_id=assignee_id,
            created_at=now,
            created_by_id=by_id,
            **more,
        )
        db.session.add(task)
        db.session.flush()
        return task.id


def assign(task_ids: Iterable[int], *, assignee_id: int | None) -> None:
    """Gives open tasks to somebody, or to nobody. Nothing that is decided depends on it."""
    with transaction():
        check_assignee(assignee_id)
        chosen = Task.id.in_(sorted(set(task_ids))), Task.status == "open"
        db.session.execute(update(Task).where(*chosen).values(assignee_id=assignee_id))


def complete(
    task_id: int,
    *,
    outcome: str,
    now: datetime,
    by_id: int | None = None,
    decides: bool = True,
    tells: bool = True,
) -> None:
    """Done, with what came of it; a call needs to say that. Decides the account. Refused when it was done before.

    Refused as well for a dispute's deadline: once done, nobody would be asked for the decision again.
    `tells` False where the timeline has a line about it already.
    """
    account_id = db.session.scalar(select(Task.account_id).where(Task.id == task_id))
    if account_id is None:
        raise NotFound
    with transaction():
        locks.account(account_id)
        task = db.session.get_one(Task, task_id, populate_existing=True)
        if task.status != "open":
            raise Refused("Somebody has finished this task already.")
        if task.kind == "dispute_due":
            raise Refused("Decide the dispute, or give it another day: that ends this task.", "outcome")
        task.outcome = _outcome(outcome, task.kind)
        task.status, task.done_at, task.done_by_id = "done", now, by_id
        if tells:
            facts = {"task": task.id, "task_kind": task.kind, "step": task.step, "outcome": task.outcome}
            events.record("task_completed", account_id=account_id, at=now, by_id=by_id, **facts)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def _outcome(outcome: str, kind: str) -> str:
    outcome = outcome.strip()
    if kind == "call" and not outcome:
        raise Refused("Say how the call went.", "outcome")
    if len(outcome) > LONGEST_OUTCOME:
        raise Refused(f"Use at most {LONGEST_OUTCOME} characters.", "outcome")
    return outcome


def check_assignee(user_id: int | None) -> None:
    if user_id is None:
        return
    user = db.session.get(User, user_id)
    if user is None or not user.active:
        raise Refused("This person cannot be given a task.", "assignee")
