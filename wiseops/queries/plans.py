"""Plans as rows, and as the domain sees them."""

from __future__ import annotations

from collections import defaultdict
from datetime import time

from sqlalchemy import or_, select

from wiseops.domain.errors import NotFound
from wiseops.domain.plans import Conditions, Plan, Step
from wiseops.extensions import db
from wiseops.models import Account, Engagement, PlanStep
from wiseops.models import Plan as PlanRow


def row(plan_id: int) -> PlanRow:
    """The table's row: version, when it changed. Raises NotFound."""
    if (found := db.session.get(PlanRow, plan_id)) is None:
        raise NotFound
    return found


def get(plan_id: int) -> Plan:
    """The plan with its steps. Raises NotFound."""
    row(plan_id)
    return everything()[plan_id]


def named(name: str) -> PlanRow | None:
    """The plan of that name, active or not."""
    return db.session.scalar(select(PlanRow).where(PlanRow.name == name))


def everything() -> dict[int, Plan]:
    """All plans by id, in the order in which they are asked."""
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in db.session.scalars(select(PlanStep).order_by(PlanStep.plan_id, PlanStep.position)):
        steps[step.plan_id].append(_step(step))
    rows = db.session.scalars(select(PlanRow).order_by(PlanRow.priority, PlanRow.id))
    return {found.id: _plan(found, tuple(steps[found.id])) for found in rows}


def versions() -> dict[int, int]:
    """Plan id → its version."""
    return dict(db.session.execute(select(PlanRow.id, PlanRow.version)).all())


def is_used(plan_id: int) -> bool:
    """Whether an account was ever chased, or is scheduled, by it."""
    engaged = select(Engagement.id).where(Engagement.plan_id == plan_id).exists()
    scheduled = select(Account.id).where(Account.plan_id == plan_id).exists()
    return bool(db.session.scalar(select(or_(engaged, scheduled))))


def _plan(found: PlanRow, steps: tuple[Step, ...]) -> Plan:
    return Plan(
        id=found.id,
        name=found.name,
        priority=found.priority,
        conditions=Conditions.from_json(found.conditions),
        steps=steps,
        review_after=found.review_after,
        stop_below=found.stop_below,
        active=found.active,
    )


def _step(found: PlanStep) -> Step:
    return Step(
        position=found.position,
        offset_days=found.offset_days,
        weekdays=frozenset(found.weekdays),
        at=time.fromisoformat(found.at),
        channels=tuple(found.channels),
        min_gap_days=found.min_gap_days,
        deadline_days=found.deadline_days,
        template_id=found.template_id,
        name=found.name,
    )
