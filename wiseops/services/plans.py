"""Plans: written, changed, switched on and off. A changed plan is a new version and counts from the next step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete

from wiseops.domain import drafts, templates
from wiseops.domain.errors import Refused
from wiseops.domain.plans import Plan
from wiseops.extensions import db
from wiseops.models import Company, PlanStep
from wiseops.models import Plan as PlanRow
from wiseops.queries import plans as queries
from wiseops.queries import templates as wordings
from wiseops.services import automation, events
from wiseops.services.transaction import transaction


def create(plan: Plan, *, now: datetime, by_id: int | None = None) -> int:
    """Keeps a new plan (its `id` is ignored; steps are numbered in order). The new id."""
    with transaction():
        plan = _checked(plan, beside=None)
        row = PlanRow(version=1, name=plan.name, priority=plan.priority, updated_at=now)
        db.session.add(row)
        _store(row, plan)
        _changed("plan_created", row, now, by_id)
        return row.id


def update(plan_id: int, plan: Plan, *, now: datetime, by_id: int | None = None) -> bool:
    """Stores the plan as its next version, if it differs. Open engagements follow it from their next step."""
    with transaction():
        row = queries.row(plan_id)
        plan = replace(_checked(plan, beside=plan_id), id=plan_id)
        if plan == queries.get(plan_id):
            return False
        row.version += 1
        row.updated_at = now
        _store(row, plan)
        _changed("plan_changed", row, now, by_id)
        return True


def activate(plan_id: int, *, active: bool, now: datetime, by_id: int | None = None) -> None:
    """Switches a plan on or off. Off, it takes no new accounts and finishes what it began."""
    with transaction():
        row = queries.row(plan_id)
        if row.active == active:
            return
        if active:
            _checked(queries.get(plan_id), beside=plan_id)
        row.active = active
        row.updated_at = now
        _changed("plan_activated" if active else "plan_deactivated", row, now, by_id)


def remove(plan_id: int, *, now: datetime, by_id: int | None = None) -> bool:
    """Deletes a plan that was never used: True. One that was is only switched off: False."""
    with transaction():
        row = queries.row(plan_id)
        if queries.is_used(plan_id):
            activate(plan_id, active=False, now=now, by_id=by_id)
            return False
        _changed("plan_deleted", row, now, by_id)
        db.session.execute(delete(PlanStep).where(PlanStep.plan_id == plan_id))
        db.session.delete(row)
        return True


def _checked(plan: Plan, *, beside: int | None) -> Plan:
    """The plan with its steps numbered from 1. Raises Refused on the field."""
    steps = tuple(replace(step, position=position) for position, step in enumerate(plan.steps, start=1))
    plan = replace(plan, name=plan.name.strip(), steps=steps)
    drafts.check_plan(plan)
    other = queries.named(plan.name)
    if other is not None and other.id != beside:
        raise Refused("There is a plan of that name already.", "name")
    company_language = db.session.get_one(Company, 1).language
    for index, step in enumerate(plan.steps):
        if step.template_id is not None:
            _check_wordings(step.template_id, step.channels, company_language, f"steps-{index}-template")
    return plan


def _check_wordings(template_id: int, channels: tuple[str, ...], company_language: str, field: str) -> None:
    template = wordings.get(template_id)
    if template.archived:
        raise Refused(f"{template.name} is archived.", field)
    for channel in channels:
        there = wordings.for_channel(template_id, channel)
        if channel in templates.CHANNELS and not {templates.language_of(company_language), "en"} & set(there):
            raise Refused(f"{template.name} has no {channel} text in the company's language or English.", field)


def _store(row: PlanRow, plan: Plan) -> None:
    row.name, row.priority, row.active = plan.name, plan.priority, plan.active
    row.conditions, row.review_after = plan.conditions.to_json(), plan.review_after
    row.stop_below = dict(plan.stop_below)
    db.session.flush()
    db.session.execute(delete(PlanStep).where(PlanStep.plan_id == row.id))
    for step in plan.steps:
        db.session.add(
            PlanStep(
                plan_id=row.id,
                position=step.position,
                name=step.name,
                offset_days=step.offset_days,
                weekdays=sorted(step.weekdays),
                at=step.at.strftime("%H:%M"),
                channels=list(step.channels),
                template_id=step.template_id,
                min_gap_days=step.min_gap_days,
                deadline_days=step.deadline_days,
            )
        )
    db.session.flush()


def _changed(kind: str, row: PlanRow, now: datetime, by_id: int | None) -> None:
    events.record(kind, account_id=None, at=now, by_id=by_id, plan=row.name, version=row.version)
    automation.rules_changed()
