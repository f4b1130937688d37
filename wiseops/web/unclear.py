"""Unclear messages: a person says what became of ticked ones, or of all that match, after seeing number and sum."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import may, me
from wiseops.domain.errors import Refused
from wiseops.queries import outbox
from wiseops.services import messages
from wiseops.web import message_filters
from wiseops.web.clock import now
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go, show
from wiseops.web.message_filters import PAGE
from wiseops.web.texts import ngettext

bp = Blueprint("unclear", __name__, url_prefix="/messages/settlement")

MOST = 20_000
"""Messages that are settled at once; the rest of a larger incident comes after."""
SHOWN = 10
SECONDS = 3.0
"""A request works this long; what is left goes with the next one, which the browser asks for by itself."""
PIECE = 200


class SettlementForm(Form):
    """What became of messages that nobody is sure about."""

    outcome = RadioField(
        _l("What became of it?"),
        [InputRequired(_l("Choose one."))],
        choices=options([("sent", _l("It was sent")), ("not_sent", _l("It was not sent"))]),
    )
    note = StringField(_l("How do you know?"), [InputRequired(_l("Say how you know.")), Length(max=200)])


@bp.get("")
def new() -> ResponseReturnValue:
    """The ticked ones; for managers all that match, as they are now: what becomes unclear later is not among them."""
    if not request.args.get("all"):
        ids = [row.message.id for row in outbox.unknown(_chosen())]
    elif may("manager"):
        ids = outbox.unclear(message_filters.wanted(), limit=MOST)
    else:
        abort(403)
    if not ids:
        return redirect(message_filters.address(view="unknown"), code=303)
    return _confirm(ids, SettlementForm(formdata=None))


@bp.post("")
def create() -> ResponseReturnValue:
    """Settles piece by piece exactly the messages that were shown, as far as they are still unclear."""
    form, ids = SettlementForm(), _chosen()
    if not form.validate():
        return _confirm(ids, form, status=422)
    done, left = request.form.get("done", 0, int), request.form.get("left", 0, int)
    until = time.monotonic() + SECONDS
    try:
        while ids:
            piece, ids = ids[:PIECE], ids[PIECE:]
            count = _settle(piece, form)
            done, left = done + count, left + len(piece) - count
            if time.monotonic() > until:
                break
    except Refused as refused:
        form.refuse(refused)
        return _confirm(ids, form, status=422)
    if ids:
        return show(
            "unclear/working.html", "unclear/_working.html", form=form, ids=ids, done=done, left=left, **_addresses()
        )
    return _told(done, left)


def _settle(ids: list[int], form: SettlementForm) -> int:
    was_sent = form.outcome.data == "sent"
    return messages.settle(ids, was_sent=was_sent, note=form.note.data or "", now=now(), by_id=me().id)


def _told(done: int, left: int) -> ResponseReturnValue:
    text = ngettext("%(num)s message is clear now.", "%(num)s messages are clear now.", done)
    if left:
        more = ngettext("%(num)s was clear already and stays so.", "%(num)s were clear already and stay so.", left)
        text = f"{text} {more}"
    return go(_addresses()["back"], notice=text, tone="warn" if left else "good")


def _confirm(ids: list[int], form: SettlementForm, *, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "unclear/new.html", ids=ids, rows=outbox.unknown(ids[:SHOWN]), sums=outbox.demanded(ids), form=form,
        is_most=len(ids) == MOST, **_addresses(),
    )  # fmt: skip
    return page, status


def _addresses() -> dict[str, Any]:
    """Where the form goes and where it leads back to, both with the filters that found the messages."""
    action = message_filters.address("unclear.create", view="unknown")
    return {"action": action, "back": message_filters.address(view="unknown")}


def _chosen() -> list[int]:
    """Ticked ones come one by one; a form that carries many has them in one field. More than a page is for managers."""
    texts = ",".join(request.values.getlist("message")).split(",")
    ids = [int(text) for text in texts if text.isdecimal() and len(text) < 18][:MOST]
    if len(ids) > PAGE and not may("manager"):
        abort(403)
    return ids
