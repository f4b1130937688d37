"""The form of an activity, and what the history is narrowed by."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from wiseops.auth import me
from wiseops.domain import calls
from wiseops.domain.activities import Draft, Kind
from wiseops.domain.dispositions import follow_up_on
from wiseops.models import Call, Contact, Task
from wiseops.queries import company, dispositions, replies, tasks, users
from wiseops.queries.happenings import KINDS, Wanted
from wiseops.web import clock, history_words, labels
from wiseops.web.forms import DateField, Form, options
from wiseops.web.texts import gettext as _


def _id(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


def _number(typed: Any) -> int | None:
    given = str(typed or "")
    return int(given) if given.isdecimal() and len(given) < 18 else None


class ActivityForm(Form):
    """What was done. The token makes a form that is sent twice act once; `proposed` is the date we filled in;
    `seen` the last reply that was there when it was opened.
    """

    token = HiddenField()
    seen = HiddenField()
    call_id = HiddenField()
    kind = RadioField(_l("What"), choices=options(labels.ACTIVITIES.items()), default=Kind.CALL)
    direction = RadioField(_l("Direction"), choices=options(labels.DIRECTIONS.items()), default="out")
    disposition_id = RadioField(_l("How did it go?"), [Optional()], coerce=_id, validate_choice=False)
    contact_id = SelectField(_l("With"), [Optional()], coerce=_id, validate_choice=False)
    notes = TextAreaField(_l("Notes"), [Optional()])
    follow_up_on = DateField(_l("Follow up on"), [Optional()])
    proposed = HiddenField()
    assignee_id = SelectField(_l("For"), [Optional()], coerce=_id)
    finishes = SelectMultipleField(
        _l("Done with this"), coerce=int, validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget()
    )

    handles = BooleanField(_l("What they wrote is dealt with"))

    def __init__(self, account_id: int, people: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.open_tasks = tasks.finishable(account_id)
        if not self.token.data:
            self.token.data, self.seen.data = secrets.token_urlsafe(24), str(replies.latest(account_id))
        self.waits = replies.waiting_since(account_id, up_to=self.last_seen) is not None
        self.disposition_id.choices = options((row.id, row.name) for row in dispositions.active())
        self.contact_id.choices = options([("", _("Nobody named")), *((row.id, _who(row)) for row in people)])
        self.assignee_id.choices = options([("", _("Nobody yet")), *((user.id, user.name) for user in users.active())])
        self.finishes.choices = options((task.id, _task(task)) for task in self.open_tasks)
        if not self.is_submitted():
            self.assignee_id.data = me().id
            self.handles.data = self.waits
            self.finishes.data = [task.id for task in self.open_tasks if task.due_on <= clock.today()]

    def draft(self) -> Draft:
        """What was typed, for the service to check."""
        return Draft(
            kind=self.kind.data or "",
            direction=self.direction.data or "out",
            disposition_id=self.disposition_id.data,
            contact_id=self.contact_id.data,
            notes=self.notes.data or "",
            follow_up_on=self.follow_up_on.data,
            assignee_id=self.assignee_id.data,
            finishes=frozenset(self.finishes.data or ()),
            call_id=self.called,
            handles=bool(self.handles.data),
            seen=self.last_seen,
        )

    @property
    def called(self) -> int | None:
        """The call that it notes, if we started one."""
        return _number(self.call_id.data)

    @property
    def last_seen(self) -> int:
        """The reply that its writer had seen last; 0 where none was there."""
        return _number(self.seen.data) or 0

    def of_call(self, call: Call) -> None:
        """Fills in what is known of the call, and ticks the call that was to be made."""
        self.call_id.data, self.contact_id.data = str(call.id), call.contact_id
        name = calls.disposition(call.debtor_leg, answered=call.answered_at is not None)
        self.disposition_id.data = next((row.id for row in dispositions.active() if row.name == name), None)
        made = [task.id for task in self.open_tasks if task.kind == "call"]
        self.finishes.data = sorted({*(self.finishes.data or ()), *made})
        if self.disposition_id.data is not None:
            self.propose()

    def propose(self) -> None:
        """Fills in the follow-up that the disposition asks for."""
        row, at = dispositions.get(self.disposition_id.data or 0), company.get()
        days = row.follow_up_days
        day = follow_up_on(days, clock.today(), business_days=at.business_days, country=at.country)
        self.follow_up_on.raw_data, self.follow_up_on.data = None, day
        self.proposed.data = day.isoformat() if day else ""


def _who(contact: Contact) -> str:
    return " · ".join(part for part in (contact.name, contact.phone or contact.email or "") if part)


def _task(task: Task) -> str:
    what = labels.TASKS.get(task.kind, task.kind)
    step = _("step %(step)s", step=task.step) if task.step else task.note[:60]
    return " · ".join(str(part) for part in (what, step) if part)


class FilterForm(Form):
    """What of the history to show. Nothing here is wrong: what cannot be read is left out."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Text"))
    kind = SelectField(_l("What"), choices=options([("", _l("Everything")), *labels.HAPPENINGS.items()]))
    direction = SelectField(_l("Direction"), choices=options([("", _l("Both ways")), *labels.DIRECTIONS.items()]))
    by = SelectField(_l("By"))
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(formdata=asked)
        people = ((str(user.id), user.name) for user in users.everyone())
        self.by.choices = options([("", _("Anybody")), ("0", _("By itself")), *people])

    def wanted(self) -> Wanted:
        """The filters as the query takes them; days are the company's."""
        self.validate()
        zone = clock.zone()

        def start(field: Any, days: int) -> datetime | None:
            if field.data is None or field.errors:
                return None
            return datetime.combine(field.data + timedelta(days=days), time(0), zone)

        kind = self.kind.data if self.kind.data in KINDS else ""
        direction = self.direction.data if self.direction.data in labels.DIRECTIONS else ""
        by = self.by.data if str(self.by.data or "").isdecimal() and len(self.by.data) < 18 else ""
        words = history_words.read(self.q.data or "")
        return Wanted(kind, by, direction, words, start(self.since, 0), start(self.until, 1))
