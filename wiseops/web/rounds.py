"""Work mode: one account of a worklist after the other, with the keyboard alone."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.queries import rounds as known
from wiseops.services import rounds
from wiseops.web import worklist
from wiseops.web.clock import now
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _

bp = Blueprint("rounds", __name__, url_prefix="/rounds")


@bp.post("")
def create() -> ResponseReturnValue:
    """Begins with the first account of the list."""
    who, kind = worklist.asked_who(), worklist.asked_kind()
    ids = [row.account_id for row in worklist.listed(who, kind)]
    start = request.form.get("start", type=int)
    ids = ids[ids.index(start) :] if start in ids else ids
    try:
        _, first = rounds.begin(ids, who=who, kind=kind, user_id=me().id, now=now())
    except Refused as refused:
        return go(url_for("worklist.index"), notice=refused.message, tone="info")
    return go(_at(first))


@bp.post("/<int:round_id>/steps")
def move(round_id: int) -> ResponseReturnValue:
    """On, back, on with this one for later, or out of it."""
    step, account_id = request.form.get("step", ""), request.form.get("account_id", 0, int)
    begun = known.get(round_id, user_id=me().id)
    home = url_for("worklist.index", who=begun.who if begun.who != "me" else None, kind=begun.kind or None)
    if step == "end":
        rounds.end(round_id, user_id=me().id, now=now())
        return go(home)
    if step == "back":
        return go(_at(rounds.go_back(round_id, account_id, user_id=me().id, now=now())))
    still = {row.account_id for row in worklist.listed(begun.who, begun.kind)}
    move_on = rounds.postpone if step == "later" else rounds.go_on
    following = move_on(round_id, account_id, still=still, user_id=me().id, now=now())
    if following is None:
        return go(home, notice=_("You are through this list."))
    return go(_at(following))


def _at(account_id: int) -> str:
    return url_for("activities.index", account_id=account_id)
