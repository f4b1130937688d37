"""A plan is checked whole before anyone is chased by it."""

from dataclasses import replace
from datetime import time

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, an_account
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.plans import Conditions, Plan, Step
from wiseops.extensions import db
from wiseops.models import Account, Automation, Event, PlanStep, Template
from wiseops.queries import plans as queries
from wiseops.services import plans, templates


def rules_version() -> int:
    return db.session.get_one(Automation, 1, populate_existing=True).rules_version


def a_step(**values: object) -> Step:
    template_id = db.session.scalars(select(Template.id).where(Template.name == "Friendly reminder")).one()
    step = Step(1, 3, frozenset(range(5)), time(10), ("email", "sms"), template_id=template_id)
    return replace(step, **values)  # type: ignore[arg-type]


def a_plan(*steps: Step, **values: object) -> Plan:
    plan = Plan(0, "Gentle", 50, Conditions(days_overdue=1), steps or (a_step(),))
    return replace(plan, **values)  # type: ignore[arg-type]


def test_a_new_plan_is_asked_in_its_place(app: Flask):
    before = rules_version()

    plan_id = plans.create(a_plan(a_step(), a_step(offset_days=9)), now=NOW)

    assert [plan.name for plan in queries.everything().values()] == ["Gentle", "Standard"]
    assert [step.position for step in queries.get(plan_id).steps] == [1, 2]
    assert (queries.row(plan_id).version, rules_version()) == (1, before + 1)


def test_a_changed_plan_is_the_next_version_and_the_same_again_is_not(app: Flask):
    plan_id = plans.create(a_plan(a_step(), a_step(offset_days=9)), now=NOW)
    plan = queries.get(plan_id)
    reordered = replace(plan, steps=(replace(plan.steps[1], offset_days=2), plan.steps[0]))

    assert plans.update(plan_id, reordered, now=NOW)
    version = rules_version()
    assert not plans.update(plan_id, queries.get(plan_id), now=NOW)

    assert [step.offset_days for step in queries.get(plan_id).steps] == [2, 3]
    assert (queries.row(plan_id).version, rules_version()) == (2, version)
    assert "plan_changed" in db.session.scalars(select(Event.kind)).all()


@pytest.mark.parametrize(
    ("field", "values", "step"),
    [
        ("name", {"name": " "}, {}),
        ("name", {"name": "Standard"}, {}),
        ("days_overdue", {"conditions": Conditions()}, {}),
        ("days_overdue", {"conditions": Conditions(days_overdue=0)}, {}),
        ("minimum", {"conditions": Conditions(days_overdue=1, minimum={"XXX": 5})}, {}),
        ("minimum", {"conditions": Conditions(days_overdue=1, minimum={"DKK": 0})}, {}),
        ("countries", {"conditions": Conditions(days_overdue=1, countries=frozenset({"Denmark"}))}, {}),
        ("languages", {"conditions": Conditions(days_overdue=1, languages=frozenset({"xx"}))}, {}),
        ("kind", {"conditions": Conditions(days_overdue=1, kind="friend")}, {}),
        ("tags", {"conditions": Conditions(days_overdue=1, tags=frozenset({"x" * 41}))}, {}),
        ("stop_below", {"stop_below": {"*": "2.50"}}, {}),
        ("stop_below", {"stop_below": {"DKK": "five"}}, {}),
        ("stop_below", {"stop_below": {"DKK": "-5"}}, {}),
        ("stop_below", {"stop_below": {"ABC": "5"}}, {}),
        ("review_after", {"review_after": -1}, {}),
        ("steps-0-at", {}, {"at": time(7, 59)}),
        ("steps-0-at", {}, {"at": time(20)}),
        ("steps-0-weekdays", {}, {"weekdays": frozenset()}),
        ("steps-0-channels", {}, {"channels": ()}),
        ("steps-0-channels", {}, {"channels": ("fax",)}),
        ("steps-0-channels", {}, {"channels": ("sms", "sms")}),
        ("steps-0-template", {}, {"template_id": None}),
        ("steps-0-gap", {}, {"min_gap_days": -1}),
        ("steps-0-offset", {}, {"offset_days": 0}),
        ("steps-0-deadline", {}, {"deadline_days": 5}),
    ],
)
def test_what_could_not_work_is_refused_on_its_field(app: Flask, field: str, values: dict, step: dict):
    with pytest.raises(Refused) as refused:
        plans.create(a_plan(a_step(**step), **values), now=NOW)

    assert refused.value.field == field
    assert next(iter(queries.everything().values())).name == "Standard"


@pytest.mark.parametrize("at", [time(8), time(19, 59)])
def test_the_contact_window_includes_its_first_minute_and_not_its_last(app: Flask, at: time):
    assert plans.create(a_plan(a_step(at=at)), now=NOW)


def test_steps_do_not_go_back_in_time(app: Flask):
    with pytest.raises(Refused) as refused:
        plans.create(a_plan(a_step(offset_days=10), a_step(offset_days=9)), now=NOW)
    assert refused.value.field == "steps-1-offset"

    assert plans.create(a_plan(a_step(offset_days=10), a_step(offset_days=10)), now=NOW)


def test_a_plan_has_at_least_one_step(app: Flask):
    with pytest.raises(Refused) as refused:
        plans.create(replace(a_plan(), steps=()), now=NOW)

    assert refused.value.field == "steps"


def test_a_call_needs_no_template(app: Flask):
    assert plans.create(a_plan(a_step(channels=("call",), template_id=None)), now=NOW)


def test_a_template_needs_a_text_for_each_channel_of_the_step(app: Flask):
    template_id = templates.create("Only mail")
    templates.save(template_id, channel="email", language="en", subject="Hi", body="Hi", now=NOW)

    assert plans.create(a_plan(a_step(template_id=template_id, channels=("email",))), now=NOW)
    with pytest.raises(Refused, match="no sms text"):
        plans.create(a_plan(a_step(template_id=template_id), name="Other"), now=NOW)


def test_a_plan_that_was_never_used_is_deleted_and_another_is_switched_off(app: Flask):
    unused, used = plans.create(a_plan(), now=NOW), plans.create(a_plan(name="Used"), now=NOW)
    db.session.get_one(Account, an_account()).plan_id = used
    db.session.commit()

    assert plans.remove(unused, now=NOW)
    assert not plans.remove(used, now=NOW)

    with pytest.raises(NotFound):
        queries.get(unused)
    assert not queries.get(used).active
    assert not db.session.scalars(select(PlanStep).where(PlanStep.plan_id == unused)).all()


def test_a_plan_is_switched_off_and_on(app: Flask):
    plan_id = plans.create(a_plan(), now=NOW)
    before = rules_version()

    plans.activate(plan_id, active=False, now=NOW)
    assert not queries.get(plan_id).active
    plans.activate(plan_id, active=True, now=NOW)

    assert queries.get(plan_id).active
    assert rules_version() == before + 2
