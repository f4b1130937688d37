"""What a person does to an account that automation works on: engage it now, skip a step, take it over."""

from __future__ import annotations

from datetime import datetime

from wiseops.domain.automation.decide import decide as decide_one
from wiseops.domain.automation.decision import Decision, Stage
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.errors import Refused
from wiseops.queries import automation as queries
from wiseops.queries import snapshots
from wiseops.services import accounts, automation, courses, events
from wiseops.services.transaction import transaction


def engage(account_id: int, plan_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Starts a plan though none matches. Gaps, zones, holds and the pause still apply."""
    with transaction():
        engagement = courses.find(account_id)
        name = courses.plan_name(plan_id)
        rules = queries.rules()
        snapshot, decision = _decided(account_id, rules, now)
        _refuse_engaging(snapshot, decision)
        if engagement is not None:
            courses.end(engagement, "gave_way", now=now)
        book = snapshot.book(rules.today(now))
        items = {standing.item.id for standing in book.overdue if standing.item.may_anchor}
        if not items:
            raise Refused("Nothing is overdue that a reminder could start with.")
        is_resumed = bool(items & snapshot.stopped)
        courses.open_anew(account_id, plan_id, items, started=is_resumed, now=now, by_id=by_id)
        events.record("engaged_by_hand", account_id=account_id, at=now, by_id=by_id, plan=name)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def skip(account_id: int, step: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """The next step counts as done though nothing left; what was queued of it is cancelled."""
    with transaction():
        engagement = courses.get(account_id)
        _, decision = _decided(account_id, queries.rules(), now)
        if decision.stage in (Stage.FOLLOW_UP, Stage.BLOCKED) or decision.step != step:
            raise Refused("This is not the next step any more. Look at the account again.")
        courses.withdraw(engagement.id, why="skipped", now=now, step=step)
        courses.drop_call(engagement.id, step)
        courses.close(engagement.id, step, now=now, by_id=by_id)
        events.record("step_skipped", account_id=account_id, at=now, by_id=by_id, step=step)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def take_over(account_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Moves the account to Follow-Up: nothing goes by itself until a review."""
    with transaction():
        engagement = courses.get(account_id)
        _, decision = _decided(account_id, queries.rules(), now)
        if decision.stage == Stage.FOLLOW_UP and engagement.follow_up_reason:
            raise Refused("It is in Follow-Up already.")
        if decision.stage == Stage.BLOCKED:
            raise Refused("It is blocked. Unblock it first.")
        courses.withdraw(engagement.id, why="follow_up", now=now)
        engagement.follow_up_reason = "moved"
        engagement.follow_up_on = queries.rules().today(now)
        events.record("follow_up_began", account_id=account_id, at=now, by_id=by_id, why="moved")
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def unblock(account_id: int, *, starts_over: bool, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Ends a block set by hand. It goes on where it stood, or starts its plan over from step 1."""
    with transaction():
        accounts.unblock(account_id, now=now, by_id=by_id, decides=False)
        engagement = courses.find(account_id)
        if starts_over and engagement is not None and engagement.started_at is not None:
            courses.renew(engagement, engagement.plan_id, from_step=1, now=now, by_id=by_id)
            events.record("started_over", account_id=account_id, at=now, by_id=by_id)
    if decides:
        automation.decide([account_id], now)


def _decided(account_id: int, rules: Rules, now: datetime) -> tuple[Snapshot, Decision]:
    """The account as it stands this moment, whatever was stored before."""
    (snapshot,) = snapshots.load([account_id], rules)
    return snapshot, decide_one(snapshot, rules, now)


def _refuse_engaging(snapshot: Snapshot, decision: Decision) -> None:
    if decision.stage == Stage.BLOCKED:
        raise Refused("It is blocked. Unblock it first.")
    if not decision.book.overdue:
        raise Refused("Nothing is overdue.")
    if snapshot.run is not None and snapshot.run.has_trace:
        raise Refused("A plan is at work on it already. In Follow-Up, a review can choose another.")
