"""What one message demands: figures from the same read as the decision to send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wiseops.domain.automation.matching import eligible
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Run
from wiseops.domain.plans import Plan
from wiseops.domain.positions import Book, Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a message; `amount` is its collectable part, minor units. Not `demanded`: only "also overdue"."""

    item_id: int
    number: str
    kind: str
    issued_on: date
    due_on: date
    currency: str
    amount: int
    demanded: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """Lines oldest first; `totals` of what is demanded, per currency in minor units, never added across."""

    lines: tuple[Line, ...]
    totals: dict[str, int]
    deadline: date | None = None


def demand(plan: Plan, run: Run, book: Book, step: int, rules: Rules, today: date) -> Demand:
    """Every open anchor and every overdue fee, charge and interest with a collectable part; the rest as "also"."""
    owed = [standing for standing in book.overdue if standing.collectable]
    anchored = {s.item.currency for s in owed if s.item.id in run.anchors}
    enough = anchored | {s.item.currency for s in eligible(plan.conditions, book.overdue)}
    if not plan.conditions.minimum:
        enough |= {s.item.currency for s in owed}
    lines = [_line(s, run) for s in owed if s.item.currency in enough]
    totals: dict[str, int] = {}
    for line in lines:
        if line.demanded:
            totals[line.currency] = totals.get(line.currency, 0) + line.amount
    return Demand(tuple(line for line in lines if line.currency in totals), totals, _deadline(plan, step, rules, today))


def _line(standing: Standing, run: Run) -> Line:
    item = standing.item
    is_demanded = item.id in run.anchors or not item.may_anchor
    return Line(
        item.id, item.number, item.kind, item.issued_on, item.due_on, item.currency, standing.collectable, is_demanded
    )


def _deadline(plan: Plan, step: int, rules: Rules, today: date) -> date | None:
    """The day by which to pay before the next step may go, where that step asks for one."""
    following = next((s for s in plan.steps if s.position > step), None)
    if following is None or following.deadline_days is None:
        return None
    return rules.working_day(today + timedelta(days=following.deadline_days))
