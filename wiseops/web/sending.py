"""How messages go as a whole: trial or live, how many, how fast, and the switch that stops everything."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wiseops.auth import me, only, requires
from wiseops.domain.errors import Refused
from wiseops.queries import automation, company
from wiseops.queries import sending as known
from wiseops.services import sending
from wiseops.services.sending import FASTEST, Limits
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _

bp = Blueprint("sending", __name__, url_prefix="/settings/sending")
bp.before_request(only("manager"))
PACE = (InputRequired(), NumberRange(1, FASTEST))


class LimitsForm(Form):
    """Where a trial goes, and how much may go."""

    trial_email = StringField(lazy_gettext("Own e-mail address"), [Optional(), Length(max=200)])
    trial_phone = StringField(lazy_gettext("Own phone number"), [Optional(), Length(max=40)])
    daily = IntegerField(lazy_gettext("Automatic messages a day, at most"), [Optional(), NumberRange(1, 10_000_000)])
    email_pace = IntegerField(lazy_gettext("E-mails a second"), PACE)
    sms_pace = IntegerField(lazy_gettext("SMS a second"), PACE)

    def limits(self) -> Limits:
        """What was typed, as the service takes it."""
        paces = {"email": self.email_pace.data or 1, "sms": self.sms_pace.data or 1}
        return Limits(self.trial_email.data or "", self.trial_phone.data or "", self.daily.data, paces)


class StopForm(Form):
    """Why nothing may leave."""

    reason = StringField(lazy_gettext("Reason"), [InputRequired(), Length(max=200)])


@bp.get("")
def edit() -> ResponseReturnValue:
    return _page(_as_it_is(), StopForm(formdata=None))


@bp.post("")
@requires("admin")
def update() -> ResponseReturnValue:
    form = LimitsForm()
    if form.validate():
        try:
            sending.limit(form.limits(), now=now(), by_id=me().id)
            return go(url_for("sending.edit"), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, StopForm(formdata=None), status=422)


@bp.post("/live")
@requires("admin")
def live() -> ResponseReturnValue:
    try:
        sending.go_live(missing=_missing(), now=now(), by_id=me().id)
    except Refused as refused:
        return go(url_for("sending.edit"), notice=refused.message, tone="bad")
    return go(url_for("sending.edit"), notice=_("Live: messages reach customers from now on."), tone="warn")


@bp.post("/trial")
@requires("admin")
def trial() -> ResponseReturnValue:
    sending.go_trial(now=now(), by_id=me().id)
    return go(url_for("sending.edit"), notice=_("Trial: nothing reaches a customer."))


@bp.post("/stop")
def stop() -> ResponseReturnValue:
    form = StopForm()
    if form.validate():
        sending.stop(reason=form.reason.data or "", now=now(), by_id=me().id)
        return go(url_for("sending.edit"), notice=_("All sending is stopped."), tone="warn")
    return _page(_as_it_is(), form, status=422)


@bp.post("/start")
def start() -> ResponseReturnValue:
    sending.start(now=now(), by_id=me().id)
    return go(url_for("sending.edit"), notice=_("Messages go again."))


def _as_it_is() -> LimitsForm:
    row, paces = automation.switch(), {channel.name: channel.per_second for channel in known.channels()}
    own = {"trial_email": row.trial_email, "trial_phone": row.trial_phone, "daily": row.daily_limit}
    return LimitsForm(formdata=None, data=own | {f"{name}_pace": pace for name, pace in paces.items()})


def _missing() -> str | None:
    """The first thing that stands in the way of live mode."""
    config, ours = current_app.extensions["wiseops"], company.get()
    if (missing := config.missing_for_live()) is not None:
        return str(missing)
    if config.email_backend == "smtp" and not (ours.email_sender or config.mail_default_sender):
        return _("Set an e-mail sender address under Settings, Company first.")
    return None


def _page(form: LimitsForm, stop_form: StopForm, *, status: int = 200) -> ResponseReturnValue:
    context: dict[str, Any] = {
        "form": form,
        "stop_form": stop_form,
        "switch": automation.switch(),
        "turns": known.turns(),
        "missing": _missing(),
        "backends": {channel: sender.name for channel, sender in current_app.extensions["senders"].items()},
        "words": {"mode": {"live": _("Live"), "trial": _("Trial")}},
    }
    return render_template("sending/edit.html", **context), status
