"""Blocking and holding an account, and ending either."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.services import accounts, holds, interventions
from wiseops.web.clock import now
from wiseops.web.forms import DateField, Form
from wiseops.web.htmx import go

bp = Blueprint("blocks", __name__, url_prefix="/accounts/<int:account_id>")


class BlockForm(Form):
    """Why nobody is to chase this account."""

    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=200)])
    review_on = DateField(lazy_gettext("Look again on"), [Optional()])


class HoldForm(Form):
    """Until when nothing is sent."""

    until = DateField(lazy_gettext("Hold until"), [InputRequired()])
    until_reply = BooleanField(lazy_gettext("Or until they answer"))
    reason = StringField(lazy_gettext("Reason"), [Optional(), Length(max=200)])


@bp.post("/block")
def create(account_id: int) -> ResponseReturnValue:
    form = BlockForm()

    def block() -> None:
        reason, review_on = form.reason.data or "", form.review_on.data
        accounts.block(account_id, reason=reason, review_on=review_on, now=now(), by_id=me().id)

    return _carry_out(account_id, block, _("Blocked. Nothing is sent by itself until it is unblocked."), form)


@bp.post("/block/end")
def destroy(account_id: int) -> ResponseReturnValue:
    starts_over = "starts_over" in request.form

    def unblock() -> None:
        interventions.unblock(account_id, starts_over=starts_over, now=now(), by_id=me().id)

    return _carry_out(account_id, unblock, _("Unblocked: the plan starts over.") if starts_over else _("Unblocked."))


@bp.post("/hold")
def hold(account_id: int) -> ResponseReturnValue:
    form = HoldForm()

    def hold_it() -> None:
        assert form.until.data is not None
        until, until_reply, reason = form.until.data, bool(form.until_reply.data), form.reason.data or ""
        holds.hold(account_id, until=until, until_reply=until_reply, reason=reason, now=now(), by_id=me().id)

    return _carry_out(account_id, hold_it, _("Held. It goes on by itself on that day."), form)


@bp.post("/hold/end")
def release(account_id: int) -> ResponseReturnValue:
    return _carry_out(account_id, lambda: holds.release(account_id, now=now(), by_id=me().id), _("Released."))


def _carry_out(
    account_id: int, change: Callable[[], None], notice: str, form: Form | None = None
) -> ResponseReturnValue:
    """These forms are a line or two in the header, so what is wrong with them is said in a notice."""
    to = url_for("accounts.show", account_id=account_id)
    if form is not None and not form.validate():
        wrong = [f"{form[name].label.text}: {' '.join(map(str, said))}" for name, said in form.errors.items() if name]
        return go(to, notice=" ".join(wrong), tone="bad")
    try:
        change()
    except Refused as refused:
        return go(to, notice=refused.message, tone="bad")
    return go(to, notice=notice)
