"""What a person fills in before an act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.queries import automation, users
from wiseops.web.clock import today
from wiseops.web.forms import DateField, Form, options
from wiseops.web.texts import gettext as _


class NothingForm(Form):
    """Only a confirmation."""


class PlanForm(Form):
    """Which plan."""

    plan_id = SelectField(lazy_gettext("Plan"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan_id.choices = options((plan.id, plan.name) for plan in automation.rules().ranked)


class HoldForm(Form):
    """Until when, and why."""

    until = DateField(lazy_gettext("Until"), [InputRequired()])
    reason = StringField(lazy_gettext("Reason"), [Optional(), Length(max=200)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_submitted():
            self.until.data = today() + timedelta(days=7)


class SnoozeForm(HoldForm):
    """The same, or sooner if they write."""

    until_reply = BooleanField(lazy_gettext("Or until they answer"))


class BlockForm(Form):
    """Why, and when to look again."""

    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=200)])
    review_on = DateField(lazy_gettext("Review on"), [Optional()])


class UnblockForm(Form):
    """On, or over again."""

    starts_over = BooleanField(lazy_gettext("Start the plan over from step 1"))


class OwnerForm(Form):
    """To whom."""

    owner_id = SelectField(lazy_gettext("Collector"), coerce=lambda value: int(value) if value else None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(user.id, user.name) for user in users.active()]
        self.owner_id.choices = options([("", _("Nobody")), *people])


class StepForm(Form):
    """From which step."""

    step = SelectField(lazy_gettext("Step"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = max((len(plan.steps) for plan in automation.rules().plans.values()), default=1)
        self.step.choices = options((step, str(step)) for step in range(1, most + 1))
