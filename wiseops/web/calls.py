"""Phone Call: whom one may call now, a call under way, and the form that it ends in."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Optional

from wiseops.auth import may, me
from wiseops.domain.calls import Caller
from wiseops.domain.errors import Refused, Resent
from wiseops.queries import calls as found
from wiseops.services import calls
from wiseops.web import activities, call_lines, frames
from wiseops.web.call_lines import Drawn
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import go, wants_fragment

bp = Blueprint("calls", __name__, url_prefix="/accounts/<int:account_id>/calls")


class CallForm(Form):
    """Whom to call, and the number that was shown. The token makes a form that is sent twice call once."""

    token = HiddenField()
    shown = HiddenField()
    contact_id = IntegerField(validators=[InputRequired()])
    reason = StringField(validators=[Optional()])


@bp.get("/new")
def new(account_id: int) -> ResponseReturnValue:
    """The numbers; a call of one's own that is under way; where nothing calls by itself, the form to note one."""
    if _caller() is None:
        return activities.call_form(account_id)
    mine = [live.row for live in found.live(now(), account_id=account_id, by_id=me().id) if live.row.by_id == me().id]
    if mine and mine[0].account_id == account_id:
        return _panel(call_lines.draw(mine[0], now()))
    return _numbers(account_id)


@bp.post("")
def create(account_id: int) -> ResponseReturnValue:
    form = CallForm()
    if not form.validate():
        return _numbers(account_id, status=422)
    try:
        call_id = calls.begin(
            account_id, form.contact_id.data or 0, token=form.token.data or "", caller=_caller(),
            shown=form.shown.data or None, reason=form.reason.data or "", now=now(), by=me(),
        )  # fmt: skip
    except Refused as refused:
        token = "" if isinstance(refused, Resent) else form.token.data or ""
        return _numbers(account_id, refused=refused.message, token=token, status=422)
    if not wants_fragment():
        return go(url_for("calls.show", account_id=account_id, call_id=call_id))
    return show(account_id, call_id)


@bp.get("/<int:call_id>")
def show(account_id: int, call_id: int) -> ResponseReturnValue:
    """The call while it lasts; then the form to note it."""
    drawn = call_lines.draw(found.get(account_id, call_id), now())
    return _panel(drawn) if drawn.lasts else _after(account_id, drawn)


@bp.get("/<int:call_id>/live")
def live(account_id: int, call_id: int) -> ResponseReturnValue:
    """What the panel asks for while the call lasts."""
    drawn = call_lines.draw(found.get(account_id, call_id), now())
    answer = make_response(render_template("calls/_live.html", drawn=drawn))
    if not drawn.lasts:
        answer.headers["HX-Trigger"] = "call-ended"
    return answer


@bp.post("/<int:call_id>/end")
def end(account_id: int, call_id: int) -> ResponseReturnValue:
    """Hangs up; the panel goes on until the legs say that it is over."""
    refused = ""
    try:
        calls.hang_up(account_id, call_id, caller=_caller(), by=me())
    except Refused as why:
        refused = why.message
    if not wants_fragment():
        return go(url_for("calls.show", account_id=account_id, call_id=call_id), notice=refused or None, tone="warn")
    drawn = call_lines.draw(found.get(account_id, call_id), now())
    return render_template("calls/_live.html", drawn=drawn, refused=refused), 422 if refused else 200


def _after(account_id: int, drawn: Drawn) -> ResponseReturnValue:
    """What follows a call: the form to note it, or the numbers again where they were never rung."""
    if drawn.call.activity_id is None and drawn.is_rung:
        return activities.call_form(account_id, call=drawn.call)
    return _numbers(account_id, over=drawn)


def _panel(drawn: Drawn) -> ResponseReturnValue:
    return _quick(drawn.call.account_id, "calls/_panel.html", drawn=drawn)


def _numbers(
    account_id: int, *, refused: str = "", over: Drawn | None = None, token: str = "", status: int = 200
) -> ResponseReturnValue:
    moment, hindrance = now(), found.hindrance()
    others = [live for live in found.live(moment, account_id=account_id, by_id=me().id) if live.row.by_id != me().id]
    return _quick(
        account_id, "calls/_new.html", status=status, dials=call_lines.dials(account_id, moment), refused=refused,
        over=over, token=token or secrets.token_urlsafe(24), hindrance=hindrance and calls.HINDRANCES[hindrance],
        phone=me().phone, other=others[0] if others else None, may_override=may("manager"),
        waiting=[call_lines.draw(row, moment) for row in found.unlogged(account_id, me().id, moment)],
    )  # fmt: skip


def _quick(account_id: int, template: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """What opens below the quick actions: alone where htmx asks, else within the tab."""
    if wants_fragment():
        return make_response(render_template(template, on_account=account_id, **context), status)
    page = activities.history_of(account_id) | context
    return frames.tab(account_id, "activities/_index.html", status=status, quick=template, **page)


def _caller() -> Caller | None:
    caller: Caller | None = current_app.extensions["caller"]
    return caller
