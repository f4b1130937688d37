"""How an engagement opens, ends and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from wiseops.domain.automation.decision import AddAnchors, Effect, End, Open, Reason, Reopen
from wiseops.domain.automation.matching import Match, match
from wiseops.domain.automation.rules import REOPENS_WITHIN, Rules
from wiseops.domain.automation.snapshot import Run, Snapshot
from wiseops.domain.plans import Plan
from wiseops.domain.positions import Standing


def follow(
    snapshot: Snapshot, rules: Rules, overdue: tuple[Standing, ...], today: date, *, may_open: bool
) -> tuple[Snapshot, Run | None, list[Effect], list[Reason]]:
    """The account and its engagement after what happened, the effects that brought it there, why none is open."""
    ids = {standing.item.id for standing in overdue}
    effects: list[Effect] = []
    snapshot = _end(snapshot, ids, effects, today)
    snapshot = _bring_back(snapshot, ids, effects, today)
    if snapshot.run is not None or not may_open:
        return snapshot, snapshot.run, effects, []
    plan, found, reasons = _match(snapshot, rules, overdue, today)
    if plan is None:
        return snapshot, None, effects, reasons
    effects.append(Open(plan.id, found.items))
    return snapshot, Run(None, plan.id, found.items), effects, []


def _end(snapshot: Snapshot, overdue: set[int], effects: list[Effect], today: date) -> Snapshot:
    run = snapshot.run
    if run is None or run.anchors & overdue:
        return snapshot
    if not run.has_trace:
        effects.append(End("lapsed"))
        return replace(snapshot, run=None)
    effects.append(End("settled", run.paid_on))
    return replace(snapshot, run=None, settled=(replace(run, settled_on=today), *snapshot.settled))


def _bring_back(snapshot: Snapshot, overdue: set[int], effects: list[Effect], today: date) -> Snapshot:
    """Settled anchors that are overdue again: their engagement goes on, or the open one takes them."""
    run = snapshot.run
    for earlier in snapshot.settled:
        back = earlier.anchors & overdue
        if not back or earlier.settled_on is None or (today - earlier.settled_on).days > REOPENS_WITHIN:
            continue
        if run is None or not run.has_trace:
            if run is not None:
                effects.append(End("gave_way"))
            effects.append(Reopen(earlier.id or 0))
            run = replace(earlier, settled_on=None, paid_on=None)
            snapshot = replace(snapshot, settled=tuple(r for r in snapshot.settled if r is not earlier))
        elif new := back - run.anchors:
            effects.append(AddAnchors(new))
            run = replace(run, anchors=run.anchors | new)
    return snapshot if run is snapshot.run else replace(snapshot, run=run)


def _match(
    snapshot: Snapshot, rules: Rules, overdue: tuple[Standing, ...], today: date
) -> tuple[Plan | None, Match, list[Reason]]:
    """The first matching plan; else the plan nearest to matching and what fails."""
    open_to_plans = [standing for standing in overdue if standing.item.id not in snapshot.stopped]
    nearest: tuple[int, Plan, Match] | None = None
    for plan in rules.ranked:
        found = match(plan.conditions, snapshot, open_to_plans, today)
        if not found.failing and found.items:
            return plan, found, []
        if nearest is None or len(found.failing) < nearest[0]:
            nearest = len(found.failing), plan, found
    nothing = Match(frozenset(), ())
    if any(standing.item.id in snapshot.stopped for standing in overdue):
        return None, nothing, [Reason("stopped")]
    if nearest is None:
        return None, nothing, [Reason("no_plans")]
    return None, nothing, [Reason("no_plan", {"plan": nearest[1].name, "failing": list(nearest[2].failing)})]
