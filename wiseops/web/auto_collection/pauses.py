"""Pause Automation and Resume Automation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import DateTimeLocalField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.auth import me, only
from wiseops.domain.errors import Refused
from wiseops.queries import company
from wiseops.queries.auto_collection import switches
from wiseops.services import pauses
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import go, show
from wiseops.web.texts import gettext as _

bp = Blueprint("pauses", __name__, url_prefix="/auto-collection")
bp.before_request(only("manager"))


class PauseForm(Form):
    """Why, and until when if that is known."""

    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=200)])
    until = DateTimeLocalField(lazy_gettext("Ends by itself"), [Optional()])

    def end(self) -> datetime | None:
        """The typed moment, in the company's time zone."""
        if self.until.data is None:
            return None
        return self.until.data.replace(tzinfo=ZoneInfo(company.get().timezone)).astimezone(UTC)


@bp.get("/pause")
def new() -> ResponseReturnValue:
    return _form(PauseForm())


@bp.post("/pause")
def create() -> ResponseReturnValue:
    form = PauseForm()
    if form.validate():
        try:
            pauses.begin(reason=form.reason.data or "", until=form.end(), now=now(), by_id=me().id)
            return go(url_for("auto_collection.index"), notice=_("Automation is paused."), tone="warn")
        except Refused as refused:
            form.refuse(refused)
    return _form(form, status=422)


@bp.get("/resume")
def resume() -> ResponseReturnValue:
    """How much would go within a day, before anything does."""
    return show(
        "auto_collection/resume.html", "auto_collection/_resume.html",
        switch=switches.read(), soon=switches.soon(now(), within=timedelta(hours=24)),
    )  # fmt: skip


@bp.post("/resume")
def end() -> ResponseReturnValue:
    pauses.end(now=now(), by_id=me().id)
    return go(url_for("auto_collection.index"), notice=_("Automation is running."))


def _form(form: Any, *, status: int = 200) -> ResponseReturnValue:
    return show("auto_collection/pause.html", "auto_collection/_pause.html", form=form, status=status)
