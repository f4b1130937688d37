"""The inbox: what nobody has dealt with; what nobody can place is given to an account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.queries import accounts, contacts, threads
from wiseops.queries import inbox as found
from wiseops.services import placements, replies
from wiseops.web import bubbles
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import go, show, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

PAGE, MATCHES, LINES = 50, 8, 50
VIEWS = {
    "all": _l("All"), "mine": _l("Mine"), "unassigned": _l("Without account"), found.BY_PROGRAMS: _l("By programs"),
}  # fmt: skip


class HandlingForm(Form):
    """Why nobody has to answer."""

    note = StringField(_l("Note"), [Optional(), Length(max=500)])


class AssignmentForm(Form):
    """Whose it is; the accounts are those that were searched for."""

    account_id = RadioField(_l("Account"), [InputRequired(_l("Choose an account."))], validate_choice=False)
    adds_contact = BooleanField(_l("Add the sender to its contacts"), default=True)
    name = StringField(_l("Name"), [Optional(), Length(max=200)])


@bp.get("")
def index() -> ResponseReturnValue:
    view = request.args.get("view", "all")
    view = view if view in VIEWS else "all"
    offset = max(0, request.args.get("offset", 0, int))
    rows = found.rows(view, user_id=me().id, offset=offset, limit=PAGE + 1)
    counts = found.counts(user_id=me().id) | {found.BY_PROGRAMS: found.count(found.BY_PROGRAMS)}
    return show(
        "inbox/index.html", "inbox/_list.html",
        view=view, views=VIEWS, counts=counts, rows=rows[:PAGE], more=len(rows) > PAGE,
        offset=offset, size=PAGE,
    )  # fmt: skip


@bp.get("/count")
def count() -> ResponseReturnValue:
    """The number in the sidebar."""
    return render_template("inbox/_count.html", count=found.count())


@bp.get("/<int:reply_id>")
def view(reply_id: int) -> ResponseReturnValue:
    if wants_fragment():
        return render_template("inbox/_accounts.html", **_matches(reply_id))
    named = {"name": found.get(reply_id)[0].from_name}
    return _page(reply_id, HandlingForm(formdata=None), AssignmentForm(formdata=None, data=named))


@bp.post("/<int:reply_id>/handling")
def handle(reply_id: int) -> ResponseReturnValue:
    form = HandlingForm()
    if form.validate():
        try:
            seen = {"seen_at": request.form.get("seen_at", type=int), "length": request.form.get("length", type=int)}
            replies.handle(reply_id, **seen, note=form.note.data or "", now=now(), by_id=me().id)
            return go(url_for("inbox.index"), notice=_("Marked as handled."))
        except Refused as refused:
            form.refuse(refused)
    return _page(reply_id, form, AssignmentForm(formdata=None), status=422)


@bp.post("/<int:reply_id>/assignment")
def assign(reply_id: int) -> ResponseReturnValue:
    form = AssignmentForm()
    if form.validate():
        account = accounts.get(int(form.account_id.data) if str(form.account_id.data).isdecimal() else 0)
        try:
            _give(reply_id, account.id, form)
            to = url_for("activities.index", account_id=account.id, number=found.get(reply_id)[0].from_address)
            return go(to, notice=_("It stands with %(name)s now.", name=account.name))
        except Refused as refused:
            form.refuse(refused)
    return _page(reply_id, HandlingForm(formdata=None), form, status=422)


def _give(reply_id: int, account_id: int, form: AssignmentForm) -> None:
    """To its first account, or from the one that the mover saw to another."""
    if (away_from := request.form.get("away_from", type=int)) is not None:
        placements.move(reply_id, account_id, away_from=away_from, now=now(), by_id=me().id)
        return
    adds_contact, name = bool(form.adds_contact.data), form.name.data or ""
    placements.assign(reply_id, account_id, now=now(), by_id=me().id, adds_contact=adds_contact, name=name)


def _page(reply_id: int, handling: Form, assignment: AssignmentForm, *, status: int = 200) -> ResponseReturnValue:
    reply, account = found.get(reply_id)
    channel = "email" if reply.channel == "email" else "sms"
    lines = threads.lines(reply.account_id, reply.from_address, limit=LINES, channel=channel)
    context: dict[str, Any] = {"account": account, "bubbles": bubbles.draw(lines, now()), "handling": handling}
    context |= {"assignment": assignment} | _matches(reply_id)
    return render_template("inbox/view.html", **context), status


def _matches(reply_id: int) -> dict[str, Any]:
    """The accounts that were searched for; before that, those that have the number."""
    reply, _account = found.get(reply_id)
    text = request.values.get("q", "").strip()
    if text:
        rows = accounts.rows(accounts.Wanted(text=text), limit=MATCHES)
    else:
        rows = accounts.chosen(
            [row.account_id for row in contacts.sharing(reply.channel, reply.from_address)][:MATCHES]
        )
    return {"reply": reply, "text": text, "matches": rows, "chosen": request.form.get("account_id", type=int)}
