"""E-mails that customers write: those that wait at an account, answered or marked as handled; their files, to save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import make_response as htmx_response

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.models import Contact, Reply
from wiseops.queries import accounts, arrivals, contacts
from wiseops.services import files, placements, replies
from wiseops.web import documents, enclosures
from wiseops.web.clock import now
from wiseops.web.htmx import go, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("arrivals", __name__)
MOST = 10
_NEWS = "replies-changed"


@bp.get("/accounts/<int:account_id>/mails")
def show(account_id: int) -> ResponseReturnValue:
    """The region alone."""
    accounts.get(account_id)
    return render_template("arrivals/_mails.html", **waiting(account_id, contacts.of_account(account_id)))


@bp.post("/accounts/<int:account_id>/mails/<int:reply_id>/handling")
def handle(account_id: int, reply_id: int) -> ResponseReturnValue:
    """Nobody has to answer this one, nor those of its sender before it."""
    replies.handle(reply_id, seen_at=account_id, now=now(), by_id=me().id)
    return _again(account_id, _("Marked as handled."))


@bp.post("/accounts/<int:account_id>/mails/<int:reply_id>/contact")
def add_contact(account_id: int, reply_id: int) -> ResponseReturnValue:
    """Whoever wrote it can be answered then; reminders go there only with a role."""
    try:
        placements.add_contact(account_id, arrivals.of_account(account_id, reply_id).id, now=now(), by_id=me().id)
    except Refused as refused:
        return _again(account_id, refused.message)
    return _again(account_id, _("Contact added."))


@bp.get("/replies/<int:reply_id>/files/<int:file_id>")
def save(reply_id: int, file_id: int) -> ResponseReturnValue:
    """A file to save: nothing that a stranger sent opens inside this site."""
    return documents.sent(files.find(arrivals.file(reply_id, file_id)))


def waiting(account_id: int, people: Sequence[Contact]) -> dict[str, Any]:
    """What the region needs; `people` the contacts of the account."""
    rows, count = arrivals.waiting(account_id, limit=MOST)
    return {
        "on_account": account_id,
        "mails": [(row, _writer(row, people)) for row in rows],
        "enclosed": enclosures.of(rows),
        "mails_count": count,
    }


def _writer(reply: Reply, people: Sequence[Contact]) -> Contact | None:
    """The contact that one answers to."""
    return next((row for row in people if (row.email or "").lower() == reply.from_address.lower()), None)


def _again(account_id: int, notice: str) -> ResponseReturnValue:
    if not wants_fragment():
        return go(url_for("activities.index", account_id=account_id), notice=notice)
    html = render_template("arrivals/_mails.html", **waiting(account_id, contacts.of_account(account_id)))
    return htmx_response(html, trigger_after_settle={_NEWS: True})  # type: ignore[no-any-return]
