"""An account's open engagement in a person's hands: ended, replaced, its queued messages and open tasks with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Anchor, ClosedStep, Engagement, Message, Task
from wiseops.queries import automation
from wiseops.services import locks
from wiseops.services.transaction import transaction

_WAITING = ("queued", "claimed")


def find(account_id: int) -> Engagement | None:
    """The account's open engagement, the account row locked until the transaction ends."""
    locks.account(account_id)
    query = select(Engagement).where(Engagement.account_id == account_id, Engagement.ended_at.is_(None))
    return db.session.scalar(query.execution_options(populate_existing=True))


def get(account_id: int) -> Engagement:
    """The same. Raises Refused where no plan is at work."""
    found = find(account_id)
    if found is None:
        raise Refused("No plan is at work on this account.")
    return found


def end(engagement: Engagement, why: str, *, now: datetime) -> None:
    """Ends it as `stopped` (its items start nothing again), `restarted` or `gave_way`; what it queued goes with it."""
    with transaction():
        engagement.ended_at, engagement.end_reason = now, why
        withdraw(engagement.id, why="engagement_ended", now=now)
        tasks = (Task.engagement_id == engagement.id, Task.status == "open", Task.kind.in_(("call", "find_contact")))
        db.session.execute(update(Task).where(*tasks).values(status="cancelled"))
        db.session.flush()


def withdraw(engagement_id: int, *, why: str, now: datetime, step: int | None = None) -> None:
    """Cancels what is queued of the engagement, or of one step. Raises Refused while one is on its way."""
    of_it = [Message.engagement_id == engagement_id, Message.automated]
    if step is not None:
        of_it.append(Message.step == step)
    if db.session.scalar(select(Message.id).where(*of_it, Message.status == "sending").limit(1)) is not None:
        raise Refused("A message is being sent this moment. Try again in a minute.")
    db.session.execute(
        update(Message)
        .where(*of_it, Message.status.in_(_WAITING))
        .values(status="cancelled", reason=why, settled_at=now, claimed_by=None, claimed_until=None)
    )


def open_anew(
    account_id: int, plan_id: int, items: Iterable[int], *, started: bool, now: datetime, by_id: int | None
) -> Engagement:
    """Opens an engagement that a person chose. `started`: these items are its anchors, whatever falls overdue later."""
    with transaction():
        engagement = Engagement(account_id=account_id, plan_id=plan_id, opened_at=now, chosen_by_id=by_id)
        engagement.started_at = now if started else None
        db.session.add(engagement)
        db.session.flush()
        rows = [{"engagement_id": engagement.id, "entry_id": item} for item in sorted(items)]
        db.session.execute(insert(Anchor), rows)
        return engagement


def renew(engagement: Engagement, plan_id: int, *, from_step: int, now: datetime, by_id: int | None) -> Engagement:
    """Ends it and opens another with the same anchors, the steps before `from_step` closed."""
    with transaction():
        anchors = db.session.scalars(select(Anchor.entry_id).where(Anchor.engagement_id == engagement.id)).all()
        end(engagement, "restarted", now=now)
        anew = open_anew(engagement.account_id, plan_id, anchors, started=True, now=now, by_id=by_id)
        for step in range(1, from_step):
            close(anew.id, step, now=now, by_id=by_id)
        return anew


def close(engagement_id: int, step: int, *, now: datetime, by_id: int | None) -> None:
    """A person skips the step: it counts as done."""
    with transaction():
        db.session.add(ClosedStep(engagement_id=engagement_id, step=step, how="skipped", at=now, by_id=by_id))
        db.session.flush()


def drop_call(engagement_id: int, step: int) -> None:
    """The step's call task needs nobody any more."""
    tasks = (Task.engagement_id == engagement_id, Task.step == step, Task.kind == "call", Task.status == "open")
    db.session.execute(update(Task).where(*tasks).values(status="cancelled"))


def plan_name(plan_id: int) -> str:
    """The name of a plan in use. Raises Refused for another."""
    plan = automation.rules().plans.get(plan_id)
    if plan is None or not plan.active:
        raise Refused("Choose a plan that is in use.", "plan_id")
    return plan.name
