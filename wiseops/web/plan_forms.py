"""The form of a plan with its steps, as typed and as the domain has it."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from wiseops.domain.errors import Refused
from wiseops.domain.plans import Plan, Step
from wiseops.queries import templates
from wiseops.web import condition_forms as conditions
from wiseops.web.condition_forms import ConditionsForm
from wiseops.web.forms import options
from wiseops.web.texts import gettext as _

CHANNELS = {
    "email,sms": _l("E-mail, else SMS"),
    "sms,email": _l("SMS, else e-mail"),
    "email": _l("E-mail"),
    "sms": _l("SMS"),
    "call": _l("Call task"),
    "email,sms,call": _l("E-mail, else SMS, else call task"),
    "sms,email,call": _l("SMS, else e-mail, else call task"),
    "email,call": _l("E-mail, else call task"),
    "sms,call": _l("SMS, else call task"),
}
WEEKDAYS = [_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun")]
_STEP_FIELD = re.compile(r"steps-(\d+)-(\w+)")


class StepForm(wtforms.Form):
    """One step; the form around it carries the token."""

    name = StringField(_l("Name"), [Length(max=200)])
    offset = IntegerField(_l("Days after due"), [InputRequired()])
    at = wtforms.TimeField(_l("Time"), [InputRequired()])
    channels = SelectField(_l("Channels, in order"), choices=options(CHANNELS.items()))
    template = SelectField(_l("Template"))
    gap = IntegerField(_l("Gap, days"), [InputRequired()])
    deadline = IntegerField(_l("Deadline"), [Optional()])
    weekdays = SelectMultipleField(
        _l("Weekdays"), coerce=int, choices=options(enumerate(WEEKDAYS)), option_widget=CheckboxInput()
    )


class PlanForm(ConditionsForm):
    """A plan. `change` of the buttons beside the steps redraws them without saving."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    priority = IntegerField(_l("Priority"), [InputRequired()])
    days_overdue = IntegerField(_l("Days overdue, at least"), [InputRequired()])
    active = BooleanField(_l("Takes new accounts"))
    review_after = IntegerField(_l("Follow-up after, days"), [InputRequired()])
    stop_below = StringField(_l("Nothing goes below"), [Optional()])
    steps = FieldList(FormField(StepForm))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _l("No template")), *((str(t.id), t.name) for t in templates.everything() if not t.archived)]
        for entry in self.steps:
            entry.form.template.choices = options(known)

    def refuse(self, refused: Refused) -> None:
        """A refusal of a step is shown on its field, and above the form with the step's number."""
        found = _STEP_FIELD.fullmatch(refused.field or "")
        if found is None:
            super().refuse(refused)
            return
        index, name = int(found[1]), found[2]
        field = self.steps[index].form[name]
        field.errors = [*field.errors, refused.message]
        self.form_errors.append(_("Step %(number)s: %(message)s", number=index + 1, message=refused.message))

    def plan(self) -> Plan:
        """What was typed. Raises Refused on the field."""
        return Plan(
            id=0,
            name=self.name.data or "",
            priority=self.priority.data or 0,
            conditions=self.conditions(),
            steps=tuple(_step(entry.form, position) for position, entry in enumerate(self.steps, start=1)),
            review_after=self.review_after.data or 0,
            stop_below=conditions.stop_below(self.stop_below.data),
            active=bool(self.active.data),
        )


def typed(plan: Plan) -> dict[str, Any]:
    """The plan as it would have been typed."""
    return {
        **conditions.typed(plan.conditions),
        "name": plan.name,
        "priority": plan.priority,
        "active": plan.active,
        "review_after": plan.review_after,
        "stop_below": conditions.typed_stop_below(plan.stop_below),
        "steps": [_typed_step(step) for step in plan.steps],
    }


def changed(form: PlanForm, change: str) -> tuple[PlanForm, str]:
    """The form after `add`, `remove-2`, `up-2` or `down-2`, and the id of the button to focus."""
    steps = [entry.data for entry in form.steps]
    verb, _dash, at = change.partition("-")
    index = int(at) if at.isdecimal() and int(at) < len(steps) else 0
    if verb == "add":
        last = steps[-1] if steps else _typed_step(_FIRST)
        steps.append(last | {"name": "", "offset": (last["offset"] or 0) + 7})
        index = len(steps) - 1
    elif verb == "remove" and steps:
        del steps[index]
    elif verb in ("up", "down") and steps:
        other = max(0, min(len(steps) - 1, index + (1 if verb == "down" else -1)))
        here, there = ({name: steps[at][name] for name in _IN_PLACE} for at in (index, other))
        steps[index], steps[other] = steps[other] | here, steps[index] | there
        index = other
    focus = f"steps-{index}-offset" if verb == "add" else f"{verb}-{index}"
    return PlanForm(formdata=None, data=form.data | {"steps": steps}), focus


_IN_PLACE = ("offset", "deadline")
"""What stays at its position when steps change places, so that days never go backwards."""
_FIRST = Step(1, 0, frozenset(range(5)), time(10), ("email", "sms"))


def _step(form: Any, position: int) -> Step:
    return Step(
        position=position,
        offset_days=form.offset.data,
        weekdays=frozenset(form.weekdays.data or ()),
        at=form.at.data,
        channels=tuple(form.channels.data.split(",")),
        min_gap_days=form.gap.data,
        deadline_days=form.deadline.data,
        template_id=int(form.template.data) if form.template.data and form.channels.data != "call" else None,
        name=form.name.data or "",
    )


def _typed_step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "offset": step.offset_days,
        "at": step.at,
        "channels": ",".join(step.channels),
        "template": str(step.template_id or ""),
        "gap": step.min_gap_days,
        "deadline": step.deadline_days,
        "weekdays": sorted(step.weekdays),
    }
