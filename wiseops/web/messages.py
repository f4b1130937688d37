"""Messages: what left or would have left, what is unclear, and what did not leave."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from wiseops.auth import me, requires
from wiseops.domain import money
from wiseops.queries import automation, outbox
from wiseops.queries import messages as known
from wiseops.services import channels, files
from wiseops.web import documents, enclosures, message_filters, message_words
from wiseops.web.clock import now
from wiseops.web.exports import csv_response
from wiseops.web.htmx import go, show
from wiseops.web.message_filters import INCIDENTS, PAGE, VIEWS
from wiseops.web.texts import gettext as _
from wiseops.web.unclear import SettlementForm

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.record_once
def _words(state: BlueprintSetupState) -> None:
    message_words.register(state.app)  # type: ignore[arg-type]


@bp.get("")
def index() -> ResponseReturnValue:
    wanted = message_filters.wanted()
    offset = max(0, request.args.get("offset", 0, int))
    rows = outbox.rows(wanted, offset=offset, limit=PAGE + 1)
    return show(
        "messages/index.html", "messages/_list.html",
        wanted=wanted, views=VIEWS, counts=outbox.counts(wanted), rows=rows[:PAGE], more=len(rows) > PAGE,
        offset=offset, size=PAGE, filters=message_filters, shut=known.shut_channels(now()), mode=_mode(),
        tried=outbox.tried(wanted.view) if wanted.view in INCIDENTS else None,
    )  # fmt: skip


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    header = (
        "at", "account", "name", "channel", "step", "status", "reason", "to", "subject", "text", "amount", "currency"
    )  # fmt: skip

    def lines() -> Any:
        for row in outbox.rows(message_filters.wanted(), limit=1_000_000):
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


@bp.post("/channels/<name>/start")
@requires("manager")
def start(name: str) -> ResponseReturnValue:
    """What stopped the channel is mended: what waits may go."""
    channels.start(name, now=now(), by_id=me().id)
    return go(url_for("messages.index", view="waiting"), notice=_("The channel is open again."))


def _mode() -> str:
    """Whom messages reach now: "live", "own" (our own addresses) or "file"."""
    switch, senders = automation.switch(), current_app.extensions["senders"]
    if not any(sender.reaches_people for sender in senders.values()):
        return "file"
    return "live" if switch.mode == "live" else "own"
