"""Managers see which addresses must not be used, add one by hand, and lift one with a note."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me, only
from wiseops.domain.errors import Refused
from wiseops.queries import suppressions as known
from wiseops.services import suppressions
from wiseops.web.clock import now
from wiseops.web.exports import csv_response
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go, show
from wiseops.web.texts import gettext as _

bp = Blueprint("suppressions", __name__, url_prefix="/settings/suppressions")
bp.before_request(only("manager"))
PAGE = 50
WORDS = ("view", "q")
REASONS = {
    "opted_out": (_l("Opted out"), "warn"),
    "complaint": (_l("Complained"), "bad"),
    "bounced": (_l("Came back"), "bad"),
    "invalid": (_l("Does not exist"), "bad"),
}
SOURCES = {
    "reply": _l("their reply"),
    "link": _l("the link in a message"),
    "event": _l("the provider"),
    "bounce": _l("a returned e-mail"),
    "person": _l("a person"),
}


class SuppressionForm(Form):
    """An address that somebody asked us, by phone or letter, not to use."""

    channel = SelectField(
        _l("Not to be used for"), choices=options([("sms", _l("SMS")), ("email", _l("E-mail")), ("call", _l("Calls"))])
    )
    address = StringField(_l("E-mail address or number"), [InputRequired(), Length(max=254)])
    reason = SelectField(_l("Why"), choices=options([(code, words) for code, (words, _tone) in REASONS.items()]))
    note = StringField(_l("How do you know?"), [InputRequired(_l("Say how you know.")), Length(max=200)])


class LiftForm(Form):
    """Why it may be used again."""

    note = StringField(
        _l("Why may it be used again?"), [InputRequired(_l("Say why it may be used again.")), Length(max=200)]
    )


@bp.get("")
def index() -> ResponseReturnValue:
    text, lifted = request.args.get("q", "").strip(), request.args.get("view") == "lifted"
    offset = max(0, request.args.get("offset", 0, int))
    rows = known.rows(text=text, lifted=lifted, offset=offset, limit=PAGE + 1)
    return show(
        "suppressions/index.html", "suppressions/_list.html",
        rows=rows[:PAGE], more=len(rows) > PAGE, offset=offset, size=PAGE, text=text, lifted=lifted, address=_address,
        counts={each: known.count(text=text, lifted=each) for each in (False, True)}, reasons=REASONS, sources=SOURCES,
    )  # fmt: skip


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    header = ("channel", "address", "reason", "source", "note", "at", "by", "lifted_at", "lifted_by", "lift_note")
    text, lifted = request.args.get("q", "").strip(), request.args.get("view") == "lifted"

    def lines() -> Any:
        for each in known.rows(text=text, lifted=lifted, limit=1_000_000):
            row = each.row
            start = (row.channel, row.address, row.reason, row.source, row.note, row.at.isoformat(), each.by)
            yield (*start, row.lifted_at.isoformat() if row.lifted_at else "", each.lifted_by, row.lift_note)

    return csv_response("suppressions", header, lines())


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("suppressions/new.html", form=SuppressionForm(formdata=None))


@bp.post("")
def create() -> ResponseReturnValue:
    form = SuppressionForm()
    if form.validate():
        try:
            suppressions.add(
                form.channel.data,
                form.address.data or "",
                reason=form.reason.data,
                source="person",
                note=form.note.data or "",
                now=now(),
                by_id=me().id,
            )
            return go(url_for("suppressions.index"), notice=_("Nothing goes there any more."))
        except Refused as refused:
            form.refuse(refused)
    return render_template("suppressions/new.html", form=form), 422


@bp.get("/<int:suppression_id>")
def view(suppression_id: int) -> ResponseReturnValue:
    return _view(suppression_id, LiftForm(formdata=None))


@bp.post("/<int:suppression_id>/lifting")
def lift(suppression_id: int) -> ResponseReturnValue:
    form = LiftForm()
    if form.validate():
        suppressions.lift(suppression_id, note=form.note.data or "", now=now(), by_id=me().id)
        return go(url_for("suppressions.index"), notice=_("It may be used again."))
    return _view(suppression_id, form, status=422)


def _view(suppression_id: int, form: LiftForm, *, status: int = 200) -> ResponseReturnValue:
    found = known.listed(suppression_id)
    return render_template(
        "suppressions/view.html",
        found=found, row=found.row, form=form, accounts=known.holders(found.row), reasons=REASONS, sources=SOURCES,
    ), status  # fmt: skip


def _address(endpoint: str = "suppressions.index", **changed: Any) -> str:
    """This list's address with some arguments changed."""
    kept = {key: value for key, value in request.args.items() if value and key in WORDS}
    return url_for(endpoint, **{key: value for key, value in (kept | changed).items() if value})
