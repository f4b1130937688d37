"""The last look: right before a message leaves, its account is decided once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wiseops.domain.automation import schedule
from wiseops.domain.automation.decide import decide
from wiseops.domain.automation.decision import Decision, Stage
from wiseops.domain.automation.demand import Demand, demand
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Verdict:
    """The message goes with these figures, or it is cancelled for `reason` (a code)."""

    demand: Demand | None
    reason: str = ""


def look(snapshot: Snapshot, rules: Rules, now: datetime, *, step: int, channel: str) -> Verdict:
    """Whether that step's message may leave now, decided as if it had not been queued."""
    if snapshot.run is None:
        return Verdict(None, "engagement_ended")
    bare = snapshot.without_attempt(step, channel)
    decision = decide(bare, rules, now)
    if not any(queue.step == step and queue.channel == channel for queue in decision.queued()):
        return Verdict(None, _why(bare, rules, channel, decision, now))
    plan = rules.plans[snapshot.run.plan_id]
    found = demand(plan, snapshot.run, decision.book, step, rules, rules.today(now))
    return Verdict(found) if found.totals else Verdict(None, "nothing_demanded")


def _why(snapshot: Snapshot, rules: Rules, channel: str, decision: Decision, now: datetime) -> str:
    if decision.stage in (Stage.BLOCKED, Stage.CLEAR, Stage.FOLLOW_UP):
        return str(decision.stage)
    if channel in (barred := dict(snapshot.barred)):
        return barred[channel]
    if decision.held:
        return decision.held
    if decision.plan_id is None:
        return "settled"
    if decision.send_at is not None and decision.send_at <= now:
        return "changed"
    return _why_later(snapshot, decision, rules, now) or "not_now"


def _why_later(snapshot: Snapshot, decision: Decision, rules: Rules, now: datetime) -> str | None:
    """What puts the step off: the rule that set its day, where that is still to come, else what is closed now."""
    first = next(iter(decision.reasons), None)
    if first is not None and "on" in first.facts and rules.today(now) < date.fromisoformat(first.facts["on"]):
        return first.code
    return schedule.why_closed(snapshot, rules, now)
