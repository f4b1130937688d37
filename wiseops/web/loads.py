"""Everyone's load, for managers: what waits on each list, and giving it to somebody else."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from wiseops.auth import me, only
from wiseops.domain.errors import Refused
from wiseops.domain.worklist import Kind
from wiseops.queries import users
from wiseops.queries.worklist import loads
from wiseops.services import reassignments
from wiseops.web import worklist_words
from wiseops.web.clock import now, today, zone
from wiseops.web.htmx import go
from wiseops.web.texts import ngettext

bp = Blueprint("loads", __name__, url_prefix="/worklist/loads")
bp.before_request(only("manager"))
COLUMNS = (
    (_l("Replies"), (Kind.REPLY, Kind.REPLY_WAITS)),
    (_l("Promises"), (Kind.BROKEN, Kind.DUE)),
    (_l("Calls, follow-ups"), (Kind.CALL, Kind.FOLLOW_UP)),
    (_l("Reviews"), (Kind.REVIEW,)),
    (_l("Disputes, tasks"), (Kind.DISPUTE, Kind.TASK)),
    (_l("No collector"), (Kind.UNASSIGNED,)),
)


@bp.get("")
def index() -> ResponseReturnValue:
    rows = loads.everyone(today(), zone())
    most = max((load.waiting for load in rows), default=0)
    return render_template("loads/index.html", rows=rows, columns=COLUMNS, most=most)


@bp.get("/<int:user_id>")
def edit(user_id: int) -> ResponseReturnValue:
    return _form(user_id)


@bp.post("/<int:user_id>")
def update(user_id: int) -> ResponseReturnValue:
    """All that one person has goes to another."""
    to_id = request.form.get("to", type=int)
    try:
        count = reassignments.reassign_all(user_id, to_id=to_id, now=now(), by_id=me().id)
    except Refused as refused:
        return _form(user_id, error=refused.message)
    notice = ngettext("%(num)s account reassigned.", "%(num)s accounts reassigned.", count)
    return go(url_for("loads.index"), notice=notice)


def _form(user_id: int, *, error: str = "") -> ResponseReturnValue:
    person = users.get(user_id)
    load = next((each for each in loads.everyone(today(), zone()) if each.user == person), loads.Load(person))
    others = [each for each in users.active() if each.id != user_id]
    context = {"person": person, "load": load, "others": others, "words": worklist_words}
    return render_template("loads/edit.html", error=error, **context), 422 if error else 200
