"""Admins decide how a contact can end, and when one comes back to it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.auth import only
from wiseops.domain.errors import Refused
from wiseops.queries import dispositions as known
from wiseops.services import dispositions
from wiseops.web.forms import Form
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _

bp = Blueprint("dispositions", __name__, url_prefix="/settings/dispositions")
bp.before_request(only("admin"))


class DispositionForm(Form):
    """How a contact can end."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=60)])
    follow_up_days = IntegerField(_l("Follow up after"), [Optional()])


@bp.get("")
def index() -> ResponseReturnValue:
    return _page(DispositionForm(formdata=None))


@bp.post("")
def create() -> ResponseReturnValue:
    form = DispositionForm()
    if form.validate():
        try:
            dispositions.add(form.name.data or "", follow_up_days=form.follow_up_days.data)
            return go(url_for("dispositions.index"), notice=_("Added."))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, status=422)


@bp.get("/<int:disposition_id>")
def edit(disposition_id: int) -> ResponseReturnValue:
    row = known.get(disposition_id)
    return render_template("dispositions/edit.html", row=row, form=DispositionForm(obj=row))


@bp.post("/<int:disposition_id>")
def update(disposition_id: int) -> ResponseReturnValue:
    row, form = known.get(disposition_id), DispositionForm()
    if form.validate():
        try:
            dispositions.update(disposition_id, form.name.data or "", follow_up_days=form.follow_up_days.data)
            return go(url_for("dispositions.index"), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("dispositions/edit.html", row=row, form=form), 422


@bp.post("/<int:disposition_id>/place")
def move(disposition_id: int) -> ResponseReturnValue:
    dispositions.move(disposition_id, by=-1 if request.form.get("to") == "up" else 1)
    return go(url_for("dispositions.index"))


@bp.post("/<int:disposition_id>/retirement")
def retire(disposition_id: int) -> ResponseReturnValue:
    dispositions.retire(disposition_id)
    return go(url_for("dispositions.index"), notice=_("It is offered no more."))


@bp.post("/<int:disposition_id>/restoration")
def restore(disposition_id: int) -> ResponseReturnValue:
    dispositions.restore(disposition_id)
    return go(url_for("dispositions.index"), notice=_("It is offered again."))


def _page(form: DispositionForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("dispositions/index.html", listed=known.everything(), form=form), status
