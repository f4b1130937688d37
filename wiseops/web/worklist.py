"""The worklist: what a collector does next, and why it is ranked so. The page one comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from wiseops.auth import may, me, requires
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.domain.worklist import Kind, Row
from wiseops.queries import rounds, users
from wiseops.queries.worklist import rows as found
from wiseops.queries.worklist.scopes import MOST, Scope
from wiseops.services import reassignments
from wiseops.web import worklist_words
from wiseops.web.clock import now, today, zone
from wiseops.web.exports import csv_response
from wiseops.web.htmx import go, show
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

bp = Blueprint("worklist", __name__)
PAGE, AT_ONCE = 50, 500
VIEWS = {"me": _l("Mine"), "none": _l("Unassigned"), "all": _l("Everyone's")}


@bp.get("/")
def index() -> ResponseReturnValue:
    who, kind, offset = asked_who(), asked_kind(), max(0, request.args.get("offset", 0, int))
    every = listed(who, "")
    counts = Counter(each for row in every for each in row.kinds)
    rows = [row for row in every if not kind or kind in row.kinds]
    page = found.shown(rows[offset : offset + PAGE])
    return show(
        "worklist/index.html", "worklist/_list.html",
        who=who, kind=kind, views=_views(who), kinds=_kinds(kind, counts), total=len(every), rows=page,
        count=len(rows), offset=offset, size=PAGE, words=worklist_words, more=offset + PAGE < len(rows),
        most=MOST, busy=rounds.open_with([each.row.account_id for each in page], but=me().id, now=now()),
        people=users.active() if may("manager") else (), link=_link,
    )  # fmt: skip


@bp.get("/worklist/export.csv")
def export() -> ResponseReturnValue:
    header = ("points", "account", "name", "collector", "stage", "held", "why", "currency", "overdue")
    ranked = listed(asked_who(), asked_kind())

    def lines() -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(ranked), AT_ONCE):
            for each in found.shown(ranked[start : start + AT_ONCE]):
                why = " · ".join(": ".join(filter(None, (why.label, why.text))) for why in worklist_words.whys(each))
                about = (each.row.points, each.number, each.name, each.owner or "", each.stage, each.held or "", why)
                owed = [Money(of.overdue, of.currency) for of in each.positions if of.overdue]
                yield from ((*about, money.currency, money.amount) for money in owed)
                if not owed:
                    yield (*about, "", "")

    return csv_response("worklist", header, lines())


@bp.post("/worklist/taking")
def take() -> ResponseReturnValue:
    """An account that nobody has, for oneself."""
    try:
        reassignments.take(request.form.get("account_id", 0, int), now=now(), by_id=me().id)
    except Refused as refused:
        return go(_back(), notice=refused.message, tone="bad")
    return go(_back(), notice=_("It is yours now."))


@bp.post("/worklist/reassignment")
@requires("manager")
def reassign() -> ResponseReturnValue:
    """The ticked accounts, to somebody."""
    chosen, who = request.form.getlist("id", type=int), asked_who()
    from_id = me().id if who == "me" else int(who) if who.isdecimal() else None
    try:
        count = reassignments.reassign(
            chosen, to_id=request.form.get("to", type=int), from_id=from_id, now=now(), by_id=me().id
        )
    except Refused as refused:
        return go(_back(), notice=refused.message, tone="bad")
    return go(_back(), notice=ngettext("%(num)s account reassigned.", "%(num)s accounts reassigned.", count))


def listed(who: str, kind: str) -> list[Row]:
    """The list of `who` (me, none, all, or a user's id), ranked; of one kind where it names one."""
    whose = me().id if who == "me" else int(who) if who.isdecimal() else who
    rows = found.ranked(Scope(whose, today(), leads=who == "me" and may("manager")), zone())
    return [row for row in rows if not kind or kind in row.kinds]


def asked_who() -> str:
    """Whose list is asked for; another person's is for managers."""
    who = str(request.values.get("who", "me"))
    if who in VIEWS:
        return who
    if not who.isdecimal() or len(who) > 18:
        return "me"
    if not may("manager"):
        abort(403)
    return who


def asked_kind() -> str:
    kind = str(request.values.get("kind", ""))
    return kind if kind in set(Kind) else ""


def _views(who: str) -> list[dict[str, Any]]:
    views = dict(VIEWS) | ({} if who in VIEWS else {who: users.get(int(who)).name})
    return [
        {"label": label, "href": _link(who=key, kind="", offset=0), "current": key == who}
        for key, label in views.items()
    ]


def _kinds(kind: str, counts: Counter[Kind]) -> list[dict[str, Any]]:
    every = [(each, label) for each, label in worklist_words.KINDS.items() if counts[each] or each == kind]
    return [
        {"label": label, "href": _link(kind=each, offset=0), "current": each == kind, "count": counts[each]}
        for each, label in every
    ]


def _link(endpoint: str = "worklist.index", **changed: Any) -> str:
    """This list's address with some arguments changed."""
    kept: dict[str, Any] = {"who": asked_who(), "kind": asked_kind(), "offset": request.values.get("offset", 0, int)}
    plain = {"who": "me", "kind": "", "offset": 0}
    return url_for(endpoint, **{key: value for key, value in (kept | changed).items() if value != plain[key]})


def _back() -> str:
    return _link()
