"""Messages: what left or would have left, what is unclear, and what did not leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me, requires
from wiseops.domain import money
from wiseops.domain.errors import Refused
from wiseops.queries import automation
from wiseops.queries import messages as known
from wiseops.queries.messages import Listed, Wanted
from wiseops.services import channels, files, messages
from wiseops.web import documents, enclosures, message_words
from wiseops.web.clock import now
from wiseops.web.exports import csv_response
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go, show
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

bp = Blueprint("messages", __name__, url_prefix="/messages")
PAGE = 50
WORDS = ("view", "channel", "by", "q", "account", "first", "last")
VIEWS = {
    "all": _l("All"),
    "waiting": _l("Waiting"),
    "sent": _l("Sent"),
    "unknown": _l("Unclear"),
    "failed": _l("Failed"),
    "cancelled": _l("Cancelled"),
}


class SettlementForm(Form):
    """What became of messages that nobody is sure about."""

    outcome = RadioField(
        _l("What became of it?"),
        [InputRequired(_l("Choose one."))],
        choices=options([("sent", _l("It was sent")), ("not_sent", _l("It was not sent"))]),
    )
    note = StringField(_l("How do you know?"), [InputRequired(_l("Say how you know.")), Length(max=200)])


@bp.record_once
def _words(state: BlueprintSetupState) -> None:
    message_words.register(state.app)  # type: ignore[arg-type]


@bp.get("")
def index() -> ResponseReturnValue:
    wanted = _wanted()
    offset = max(0, request.args.get("offset", 0, int))
    rows = known.rows(wanted, offset=offset, limit=PAGE + 1)
    return show(
        "messages/index.html", "messages/_list.html",
        wanted=wanted, views=VIEWS, counts=known.counts(wanted), rows=rows[:PAGE], more=len(rows) > PAGE,
        offset=offset, size=PAGE, address=_address, shut=known.shut_channels(now()), mode=_mode(),
    )  # fmt: skip


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    header = (
        "at", "account", "name", "channel", "step", "status", "reason", "to", "subject", "text", "amount", "currency"
    )  # fmt: skip

    def lines() -> Any:
        for row in known.rows(_wanted(), limit=1_000_000):
            message = row.message
            start = (row.at.isoformat(), row.number, row.name, message.channel, message.step or "", message.status)
            told = (message_words.reason(message.reason), message.to_address, message.subject, message.body)
            for currency, minor in row.demanded.items():
                yield (*start, *told, money.Money(minor, currency).amount, currency)
            if not row.demanded:
                yield (*start, *told, "", "")

    return csv_response("messages", header, lines())


@bp.get("/<int:message_id>")
def view(message_id: int) -> ResponseReturnValue:
    opened, with_it = known.get(message_id), enclosures.of_messages([message_id]).get(message_id)
    form = SettlementForm(formdata=None)
    return render_template("messages/view.html", opened=opened, enclosure=with_it, form=form)


@bp.get("/<int:message_id>/files/<int:file_id>")
def save(message_id: int, file_id: int) -> ResponseReturnValue:
    """A file that went with it, to save."""
    return documents.sent(files.find(known.file(message_id, file_id)))


@bp.get("/settlement")
def choose() -> ResponseReturnValue:
    rows = known.unknown(_chosen())
    if not rows:
        return redirect(url_for("messages.index", view="unknown"), code=303)
    return _settlement(rows, SettlementForm(formdata=None))


@bp.post("/settlement")
def settle() -> ResponseReturnValue:
    """A person says what became of one unclear message, or of many."""
    form, ids = SettlementForm(), _chosen()
    rows = known.unknown(ids)
    if form.validate():
        try:
            was_sent = form.outcome.data == "sent"
            count = messages.settle(ids, was_sent=was_sent, note=form.note.data or "", now=now(), by_id=me().id)
        except Refused as refused:
            form.refuse(refused)
        else:
            text = ngettext("%(num)s message is clear now.", "%(num)s messages are clear now.", count)
            return go(url_for("messages.index", view="unknown"), notice=text)
    return _settlement(rows, form, status=422)


@bp.post("/channels/<name>/start")
@requires("manager")
def start(name: str) -> ResponseReturnValue:
    """What stopped the channel is mended: what waits may go."""
    channels.start(name, now=now(), by_id=me().id)
    return go(url_for("messages.index", view="waiting"), notice=_("The channel is open again."))


def _settlement(rows: list[Listed], form: SettlementForm, *, status: int = 200) -> ResponseReturnValue:
    sums: dict[str, int] = {}
    for row in rows:
        for currency, amount in row.demanded.items():
            sums[currency] = sums.get(currency, 0) + amount
    return render_template("messages/settle.html", rows=rows, form=form, sums=sums), status


def _chosen() -> list[int]:
    return [int(text) for text in request.values.getlist("message") if text.isdecimal()]


def _mode() -> str:
    """Whom messages reach now: "live", "own" (our own addresses) or "file"."""
    switch, senders = automation.switch(), current_app.extensions["senders"]
    if not any(sender.reaches_people for sender in senders.values()):
        return "file"
    return "live" if switch.mode == "live" else "own"


def _wanted() -> Wanted:
    given = request.args
    view = given.get("view", "all")
    return Wanted(
        view=view if view in VIEWS else "all",
        channel=given.get("channel", ""),
        by=given.get("by", ""),
        text=given.get("q", ""),
        account_id=given.get("account", None, int),
        first=_day("first"),
        last=_day("last"),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _address(endpoint: str = "messages.index", **changed: Any) -> str:
    """This list's address with some arguments changed."""
    kept = {key: value for key, value in request.args.items() if value and key in WORDS}
    return url_for(endpoint, **{key: value for key, value in (kept | changed).items() if value})
