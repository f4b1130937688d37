"""Admins name accounts that automation leaves alone: by a rule, or by a pasted list."""

from __future__ import annotations

import re

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me, only, requires
from wiseops.domain.errors import Refused
from wiseops.queries import exclusions as known
from wiseops.queries import matching
from wiseops.services import exclusions
from wiseops.web import condition_forms as conditions
from wiseops.web.clock import now, today
from wiseops.web.condition_forms import ConditionsForm
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

bp = Blueprint("exclusions", __name__, url_prefix="/settings/exclusions")
bp.before_request(only("manager"))


class ExclusionForm(ConditionsForm):
    """A rule uses the conditions, a list the numbers."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=200)])
    active = BooleanField(_l("In force"), default=True)
    numbers = TextAreaField(_l("Account numbers"))

    def account_numbers(self) -> list[str]:
        """One a line, or told apart by commas, semicolons or tabs."""
        return [
            number for number in (part.strip() for part in re.split(r"[\n,;\t]", self.numbers.data or "")) if number
        ]


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template("exclusions/index.html", exclusions=known.everything())


@bp.get("/<int:exclusion_id>/matching")
def count(exclusion_id: int) -> ResponseReturnValue:
    rule = known.conditions(known.row(exclusion_id))
    found = len(known.account_ids(exclusion_id)) if rule is None else matching.count(rule, today())
    return render_template("plans/_count.html", count=found)


@bp.post("/matching")
def count_typed() -> ResponseReturnValue:
    form = ExclusionForm()
    form.validate()
    if "numbers" not in request.form:
        if not any(form[name].data for name in conditions.NAMES):
            return render_template("plans/_matching.html", problem=_("Set at least one condition."))
        return conditions.counted(form)
    numbers = set(form.account_numbers())
    found = len(known.accounts(numbers))
    missing = len(numbers) - found
    problem = ngettext("%(num)d number is unknown.", "%(num)d numbers are unknown.", missing) if missing else ""
    return render_template("plans/_matching.html", count=found, also=problem)


@bp.get("/new")
@requires("admin")
def new() -> ResponseReturnValue:
    return _form(None, ExclusionForm(formdata=None), by_list=request.args.get("by") == "list")


@bp.get("/<int:exclusion_id>")
def edit(exclusion_id: int) -> ResponseReturnValue:
    row = known.row(exclusion_id)
    rule = known.conditions(row)
    typed = conditions.typed(rule) if rule else {"numbers": "\n".join(known.numbers(exclusion_id))}
    form = ExclusionForm(formdata=None, data={"name": row.name, "active": row.active} | typed)
    return _form(exclusion_id, form, by_list=rule is None)


@bp.post("")
@requires("admin")
def create() -> ResponseReturnValue:
    return _save(None)


@bp.post("/<int:exclusion_id>")
@requires("admin")
def update(exclusion_id: int) -> ResponseReturnValue:
    known.row(exclusion_id)
    return _save(exclusion_id)


@bp.post("/<int:exclusion_id>/deletion")
@requires("admin")
def delete(exclusion_id: int) -> ResponseReturnValue:
    exclusions.remove(exclusion_id, now=now(), by_id=me().id)
    return go(url_for("exclusions.index"), notice=_("The exclusion is deleted."))


def _save(exclusion_id: int | None) -> ResponseReturnValue:
    form = ExclusionForm()
    by_list = "numbers" in request.form
    if form.validate():
        try:
            exclusions.save(
                exclusion_id,
                name=form.name.data or "",
                conditions=None if by_list else form.conditions(),
                numbers=form.account_numbers() if by_list else (),
                active=bool(form.active.data),
                now=now(),
                by_id=me().id,
            )
            return go(url_for("exclusions.index"), notice=_("Saved. It counts from now on."))
        except Refused as refused:
            form.refuse(refused)
    return _form(exclusion_id, form, by_list=by_list, status=422)


def _form(exclusion_id: int | None, form: ExclusionForm, *, by_list: bool, status: int = 200) -> ResponseReturnValue:
    row = None if exclusion_id is None else known.row(exclusion_id)
    return render_template("exclusions/edit.html", form=form, row=row, by_list=by_list), status
