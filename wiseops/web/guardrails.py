"""Admins set, per country, when and how often a debtor may be contacted, and its closed days."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectMultipleField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from wiseops.auth import me, only
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.queries import guardrails as known
from wiseops.queries import holidays as known_days
from wiseops.services import guardrails, holidays
from wiseops.web import choices
from wiseops.web.clock import now, today
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _

bp = Blueprint("guardrails", __name__, url_prefix="/settings/guardrails")
bp.before_request(only("admin"))
DEFAULT = "default"
YEARS = range(2010, 2036)


class GuardrailsForm(Form):
    """One country's limits."""

    weekdays = SelectMultipleField(_l("Weekdays"), coerce=int, option_widget=CheckboxInput())
    opens = TimeField(_l("Monday to Friday from"), [InputRequired()])
    closes = TimeField(_l("until"), [InputRequired()])
    saturday_opens = TimeField(_l("Saturday from"), [InputRequired()])
    saturday_closes = TimeField(_l("until"), [InputRequired()])
    sunday_opens = TimeField(_l("Sunday from"), [InputRequired()])
    sunday_closes = TimeField(_l("until"), [InputRequired()])
    holidays = BooleanField(_l("Nobody is contacted on closed days"))
    cap = IntegerField(_l("Contacts, at most"), [Optional()])
    cap_days = IntegerField(_l("in any so many days"), [InputRequired()])
    call_cap = IntegerField(_l("Calls, at most"), [Optional()])
    call_days = IntegerField(_l("in any so many days"), [InputRequired()])
    sms_cap = IntegerField(_l("SMS, at most"), [Optional()])
    sms_days = IntegerField(_l("in any so many days"), [InputRequired()])
    gap_days = IntegerField(_l("Days between automatic contacts, at least"), [InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = options(choices.weekdays())

    def limits(self, country: str) -> Guardrails:
        """What was typed, as the service takes it."""
        typed = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return Guardrails(**typed | {"country": country, "weekdays": frozenset(self.weekdays.data or ())})


class DayForm(Form):
    """One more closed day."""

    day = DateField(_l("Day"), [InputRequired()])
    name = StringField(_l("What it is"), [InputRequired(), Length(max=200)])


@bp.get("")
def index() -> ResponseReturnValue:
    rows = [(row, known.of_row(row)) for row in known.rows()]
    own = {row.country for row, _limits in rows}
    others = [pair for pair in choices.countries() if pair[0] not in own]
    return render_template("guardrails/index.html", rows=rows, countries=others, name=_name, code=_code)


@bp.get("/country")
def choose() -> ResponseReturnValue:
    return redirect(url_for("guardrails.edit", code=request.args.get("code", DEFAULT)))


@bp.get("/<code>")
def edit(code: str) -> ResponseReturnValue:
    return _page(code, _as_it_is(_country(code)), DayForm(formdata=None))


@bp.post("/<code>")
def update(code: str) -> ResponseReturnValue:
    form, country = GuardrailsForm(), _country(code)
    if form.validate():
        try:
            guardrails.save(form.limits(country), now=now(), by_id=me().id)
            return go(url_for("guardrails.index"), notice=_("Saved and confirmed. It counts from now on."))
        except Refused as refused:
            form.refuse(refused)
    return _page(code, form, DayForm(formdata=None), status=422)


@bp.post("/<code>/days")
def close_day(code: str) -> ResponseReturnValue:
    form, country = DayForm(), _country(code)
    if form.validate() and form.day.data is not None:
        try:
            holidays.close(country, form.day.data, form.name.data or "", now=now(), by_id=me().id)
            year = form.day.data.year
            return go(url_for("guardrails.edit", code=code, year=year), notice=_("The day is closed."))
        except Refused as refused:
            form.refuse(refused)
    return _page(code, _as_it_is(country), form, status=422)


@bp.post("/<code>/days/<day>/opening")
def open_day(code: str, day: str) -> ResponseReturnValue:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    holidays.open_again(_country(code), on, now=now(), by_id=me().id)
    return go(url_for("guardrails.edit", code=code, year=on.year), notice=_("The day is open."))


def _page(code: str, form: GuardrailsForm, day: DayForm, *, status: int = 200) -> ResponseReturnValue:
    country = _country(code)
    year = request.args.get("year", today().year, type=int)
    days = [row for row in known_days.of_year(country, year) if row.closed] if country and year in YEARS else []
    facts = {"name": _name(country), "code": code, "country": country, "days": days, "year": year, "years": YEARS}
    return render_template("guardrails/edit.html", form=form, day=day, confirmed=_confirmed(country), **facts), status


def _as_it_is(country: str) -> GuardrailsForm:
    try:
        limits = known.of_row(known.row(country))
    except NotFound:
        limits = replace(known.everything()[""], country=country)
    values = asdict(limits) | {"weekdays": sorted(limits.weekdays)}
    return GuardrailsForm(formdata=None, data=values)


def _confirmed(country: str) -> bool:
    return any(row.country == country and row.confirmed_at is not None for row in known.rows())


def _country(code: str) -> str:
    if code == DEFAULT:
        return ""
    if code not in dict(choices.countries()):
        abort(404)
    return code


def _code(country: str) -> str:
    return country or DEFAULT


def _name(country: str) -> str:
    return dict(choices.countries()).get(country, country) if country else _("Every other country")
