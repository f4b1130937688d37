"""The last look: right before a message leaves, its account is decided once more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
        return Verdict(None, _why(decision, now))
    plan = rules.plans[snapshot.run.plan_id]
    found = demand(plan, snapshot.run, decision.book, step, rules, rules.today(now))
    return Verdict(found) if found.totals else Verdict(None, "nothing_demanded")


def _why(decision: Decision, now: datetime) -> str:
    if decision.stage in (Stage.BLOCKED, Stage.CLEAR, Stage.FOLLOW_UP):
        return str(decision.stage)
    if decision.held:
        return decision.held
    if decision.plan_id is None:
        return "settled"
    return "not_now" if decision.send_at is None or decision.send_at > now else "changed"
