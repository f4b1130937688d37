"""Blocking and holding an account, and ending either."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.services import accounts, holds, interventions
from wiseops.web import frames
from wiseops.web.block_forms import BlockForm, HoldForm
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import done, wants_fragment

bp = Blueprint("blocks", __name__, url_prefix="/accounts/<int:account_id>")
RAIL = "accounts/_rail.html"


@bp.post("/block")
def create(account_id: int) -> ResponseReturnValue:
    form = BlockForm()

    def block() -> None:
        reason, review_on = form.reason.data or "", form.review_on.data
        accounts.block(account_id, reason=reason, review_on=review_on, now=now(), by_id=me().id)

    notice = _("Blocked. Nothing is sent by itself until it is unblocked.")
    return _carry_out(account_id, block, notice, block_form=form)


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

    return _carry_out(account_id, hold_it, _("Held. It goes on by itself on that day."), hold_form=form)


@bp.post("/hold/end")
def release(account_id: int) -> ResponseReturnValue:
    return _carry_out(account_id, lambda: holds.release(account_id, now=now(), by_id=me().id), _("Released."))


def _carry_out(account_id: int, change: Callable[[], None], notice: str, **typed: Form) -> ResponseReturnValue:
    """The rail as it is then, and who listens is told; or the form as it was `typed`, with what is wrong with it."""
    form, tone = next(iter(typed.values()), None), "good"
    if form is not None and not form.validate():
        return _refuse(account_id, typed)
    try:
        change()
    except Refused as refused:
        if form is not None:
            form.refuse(refused)
            return _refuse(account_id, typed)
        notice, tone = refused.message, "bad"
    to = url_for("accounts.show", account_id=account_id)
    return done(RAIL, event="account-changed", to=to, notice=notice, tone=tone, **frames.frame(account_id))


def _refuse(account_id: int, typed: dict[str, Form]) -> ResponseReturnValue:
    if wants_fragment():
        return render_template(RAIL, **frames.frame(account_id) | typed), 422
    return frames.tab(account_id, "accounts/_details.html", status=422, **typed)
