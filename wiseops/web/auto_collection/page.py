"""The page itself: its first view, its living part, its list as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from htmx_flask import make_response as htmx_response

from wiseops.domain.money import Money
from wiseops.queries import accounts, automation, users
from wiseops.queries.auto_collection import figures, rows, switches, weeks
from wiseops.web import choices, labels
from wiseops.web.auto_collection import asked, lines, memory, periods
from wiseops.web.clock import now, today
from wiseops.web.exports import csv_response
from wiseops.web.htmx import show

bp = Blueprint("auto_collection", __name__, url_prefix="/auto-collection")

PAGE = 50
HEADER = (
    "number", "name", "collector", "stage", "since", "held", "currency", "balance", "overdue", "overdue_since",
    "step", "next", "why",
)  # fmt: skip


@bp.get("")
def index() -> ResponseReturnValue:
    return show("auto_collection/index.html", "auto_collection/_body.html", **_living(), **_list(), **_choices())


@bp.get("/live")
def live() -> ResponseReturnValue:
    """The switch, the figures and the tabs again; nothing where nothing changed since `v`."""
    context = _living()
    if request.args.get("v") == context["version"]:
        return "", 204
    answer = render_template("auto_collection/_live.html", **context, wanted=asked.wanted())
    is_other_list = request.args.get("v", "").partition(".")[2] != context["version"].partition(".")[2]
    return htmx_response(answer, trigger="list-changed") if is_other_list else make_response(answer)


@bp.get("/weeks")
def over_time() -> ResponseReturnValue:
    """Messages and money over time, fetched once the page stands."""
    found = weeks.read(asked.period(), today())
    currencies = sorted({code for week in found for code in week.collected})
    return show(
        "auto_collection/weeks.html", "auto_collection/_weeks.html", weeks=found, currencies=currencies, link=asked.link
    )


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    rules = automation.rules()

    def cells() -> Iterator[tuple[Any, ...]]:
        for row in rows.everyone(asked.wanted()):
            line = lines.draw([row], rules, today())[0]
            start = (row.number, row.name, row.owner or "", labels.stage(asked.wanted().stage), row.stage_since)
            held = labels.hold(row.held) if row.held else ""
            for owed in row.positions:
                sums = (Money(owed.balance, owed.currency).amount, Money(owed.overdue, owed.currency).amount)
                yield (
                    *start, held, owed.currency, *sums, row.overdue_since or "", line.step, row.send_at or "", line.why,
                )  # fmt: skip

    return csv_response(f"auto-collection-{asked.wanted().stage}", HEADER, cells())


def _living() -> dict[str, Any]:
    period, switch = asked.period(), switches.read()
    counted, soon = memory.recall(
        (period, switch.paused), lambda: (figures.count(period), switches.soon(now(), within=timedelta(hours=24)))
    )
    found = figures.read(period, counted)
    stage = asked.wanted().stage
    seen = [repr(part).encode() for part in (found, switch, soon, period)]
    listed = repr((stage, found.stages[stage], *found.totals[stage])).encode()
    version = f"{hashlib.sha256(b'.'.join(seen)).hexdigest()[:12]}.{hashlib.sha256(listed).hexdigest()[:12]}"
    return {
        "figures": found,
        "switch": switch,
        "soon": soon,
        "version": version,
        "period": period,
        "presets": periods.presets(period, today()),
        "shown_period": periods.words(period, today()),
        "stages": asked.STAGES,
        "link": asked.link,
        "now": now(),
    }


def _list() -> dict[str, Any]:
    wanted, number = asked.wanted(), max(1, request.args.get("page", 1, int))
    total = figures.read_stage(wanted.stage) if wanted.is_whole else rows.count(wanted)
    start = (number - 1) * PAGE
    found = rows.page(wanted, offset=start, limit=PAGE + 1)
    shown = lines.draw(found[:PAGE], automation.rules(), today())
    is_capped = not wanted.is_whole and total >= rows.MOST
    return {
        "wanted": wanted,
        "lines": shown,
        "total": total,
        "is_capped": is_capped,
        "page_number": number,
        "start": start,
        "has_more": len(found) > PAGE,
    }


def _choices() -> dict[str, Any]:
    names = dict(choices.countries())
    countries = sorted(((code, names.get(code, code)) for code in rows.countries()), key=lambda pair: pair[1])
    return {"people": users.active(), "tags": accounts.every_tag(), "countries": countries}
