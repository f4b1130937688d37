"""SMS Activities: the conversation with each number of an account, which follows by itself what is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import make_response as htmx_response

from wiseops.auth import me
from wiseops.models import Contact
from wiseops.queries import accounts, contacts
from wiseops.queries import replies as known
from wiseops.queries import threads as found
from wiseops.queries.threads import Thread
from wiseops.services import replies
from wiseops.web import bubbles
from wiseops.web.clock import now
from wiseops.web.htmx import go, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("threads", __name__, url_prefix="/accounts/<int:account_id>/sms")

PAGE, MOST = 50, 1000
NEWS = "replies-changed"


@bp.get("")
def show(account_id: int) -> ResponseReturnValue:
    """The region alone; nothing where it is as the page has it (`v`)."""
    if not wants_fragment():
        return redirect(url_for("activities.index", account_id=account_id, number=request.args.get("number")))
    accounts.get(account_id)
    context = conversation(account_id, contacts.of_account(account_id))
    had = request.args.get("v")
    if had == context["version"]:
        return "", 204
    news = {NEWS: True} if had else None
    return htmx_response(render_template("threads/_sms.html", **context), trigger_after_settle=news)  # type: ignore[no-any-return]


@bp.get("/unread")
def unread(account_id: int) -> ResponseReturnValue:
    """How many replies nobody has seen, for the tab."""
    count = known.unread([account_id]).get(account_id, 0)
    return render_template("threads/_unread.html", on_account=account_id, count=count)


@bp.post("/read")
def read(account_id: int) -> ResponseReturnValue:
    """Whoever has the thread open has seen it."""
    accounts.get(account_id)
    number, up_to = request.form.get("number", ""), request.form.get("up_to", 0, int)
    replies.read(account_id, number, up_to=up_to, now=now())
    if wants_fragment():
        return htmx_response("", 204, trigger=NEWS)  # type: ignore[no-any-return]
    return go(url_for("activities.index", account_id=account_id, number=number))


@bp.post("/handling")
def handle(account_id: int) -> ResponseReturnValue:
    """Nobody has to answer what waits in the thread."""
    number, up_to = request.form.get("number", ""), request.form.get("up_to", 0, int)
    replies.handle(up_to, seen_at=account_id, now=now(), by_id=me().id)
    if not wants_fragment():
        return go(url_for("activities.index", account_id=account_id, number=number), notice=_("Marked as handled."))
    html = render_template("threads/_sms.html", **conversation(account_id, contacts.of_account(account_id)))
    return htmx_response(html, trigger_after_settle={NEWS: True})  # type: ignore[no-any-return]


def conversation(account_id: int, people: Sequence[Contact]) -> dict[str, Any]:
    """What the region needs: the numbers, the chosen thread's last lines, and a mark of what they say."""
    threads = found.of_account(account_id, people)
    chosen = request.values.get("number", "")
    thread = next((each for each in threads if each.number == chosen), threads[0] if threads else None)
    shown = min(max(request.args.get("shown", PAGE, int), PAGE), MOST)
    lines = found.lines(account_id, thread.number, limit=shown + 1) if thread else []
    drawn = bubbles.draw(lines[-shown:], now())
    return {
        "on_account": account_id,
        "threads": threads,
        "thread": thread,
        "bubbles": drawn,
        "last_id": max((line.row.id for line in lines if line.incoming), default=0),
        "shown": shown,
        "more": shown + PAGE if len(lines) > shown < MOST else 0,
        "reply_at": _reply_at(account_id, thread),
        "version": hashlib.sha256(repr((threads, drawn, shown, known.latest(account_id))).encode()).hexdigest()[:16],
    }


def _reply_at(account_id: int, thread: Thread | None) -> str:
    """Where one writes back, once that can be done."""
    if thread is None or thread.contact_id is None or "compositions.new" not in current_app.view_functions:
        return ""
    return url_for("compositions.new", account_id=account_id, via="sms", to=thread.contact_id)
