"""Reviews: what a person decides about an account in Follow-Up. Writing off is the ledger's."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Engagement, Task
from wiseops.queries import automation as queries
from wiseops.services import automation, courses, events, holds
from wiseops.services.transaction import transaction


def restart(account_id: int, step: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """The plan goes on again from `step`, over the same items."""
    with transaction():
        engagement = _under_review(account_id)
        plan = queries.rules().plans[engagement.plan_id]
        if step not in {each.position for each in plan.steps}:
            raise Refused(f"{plan.name} has no step {step}.", "step")
        _refuse_small(account_id)
        courses.renew(engagement, plan.id, from_step=step, now=now, by_id=by_id)
        events.record("review_restarted", account_id=account_id, at=now, by_id=by_id, plan=plan.name, step=step)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def change_plan(account_id: int, plan_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Another plan takes over the same items, from its step 1."""
    with transaction():
        engagement = _under_review(account_id)
        name = courses.plan_name(plan_id)
        courses.renew(engagement, plan_id, from_step=1, now=now, by_id=by_id)
        events.record("review_changed_plan", account_id=account_id, at=now, by_id=by_id, plan=name)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def leave(
    account_id: int, *, until: date, note: str = "", now: datetime, by_id: int | None, decides: bool = True
) -> None:
    """Nobody needs to look before `until`; a task asks again then."""
    with transaction():
        engagement = _under_review(account_id)
        holds.hold(account_id, until=until, reason=note, now=now, by_id=by_id, decides=False)
        key = f"review:{engagement.id}:{until.isoformat()}"
        if db.session.scalar(select(Task.id).where(Task.key == key)) is None:
            db.session.add(
                Task(
                    account_id=account_id,
                    engagement_id=engagement.id,
                    kind="review",
                    key=key,
                    due_on=until,
                    note=note.strip(),
                    assignee_id=by_id,
                    created_at=now,
                    created_by_id=by_id,
                )
            )
    if decides:
        automation.decide([account_id], now)


def resume_for_newer(account_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """What was reminded is left to a person for good; other overdue items start a plan of their own."""
    with transaction():
        engagement = _under_review(account_id)
        courses.end(engagement, "stopped", now=now)
        events.record("review_resumed", account_id=account_id, at=now, by_id=by_id)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def _under_review(account_id: int) -> Engagement:
    engagement = courses.find(account_id)
    if engagement is None or _account(account_id).stage != "follow_up":
        raise Refused("Only an account in Follow-Up can be reviewed.")
    return engagement


def _refuse_small(account_id: int) -> None:
    if any(reason["code"] == "small_balance" for reason in _account(account_id).reasons):
        raise Refused("What is overdue is under the plan's smallest amount: nothing would go.")


def _account(account_id: int) -> Account:
    return db.session.get_one(Account, account_id, populate_existing=True)
