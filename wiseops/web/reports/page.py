"""The reports page: filters at once, then each report as it is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from wiseops.auth import may
from wiseops.queries import accounts, company, users
from wiseops.queries.auto_collection import rows
from wiseops.web import choices
from wiseops.web.exports import csv_response
from wiseops.web.htmx import show
from wiseops.web.reports import ageing, asked, collected, days_to_pay, messages, promises, sheets, work
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Sheet

bp = Blueprint("reports", __name__, url_prefix="/reports")


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the page; a collector sees those that are `own`, about their own work."""

    code: str
    title: Any
    sheet: Callable[[Asked], Sheet]
    own: bool = False


REPORTS = (
    Report("ageing", _("Ageing"), ageing.sheet),
    Report("collected", _("Collected per week"), collected.sheet),
    Report("promises", _("Promises kept"), promises.sheet),
    Report("messages", _("Messages by outcome"), messages.sheet),
    Report("work", _("Work per collector"), work.sheet, own=True),
    Report("days_to_pay", _("Days to pay"), days_to_pay.sheet),
)


@bp.get("")
def index() -> ResponseReturnValue:
    shown = [report for report in REPORTS if report.own or may("manager")]
    return render_template("reports/index.html", reports=shown, **_filters())


def show_one() -> ResponseReturnValue:
    """The report that the address names, alone on its page or as the part of the whole."""
    return show("reports/show.html", "reports/_sheet.html", sheet=_sheet(), written=sheets.written, **_filters())


def export() -> ResponseReturnValue:
    """Its tables as a file."""
    sheet = _sheet()
    found = sheets.lines(sheet)
    return csv_response(sheet.code.replace("_", "-"), next(found, ()), list(found))


for _report in REPORTS:
    _path = "/" + _report.code.replace("_", "-")
    bp.add_url_rule(_path, _report.code, show_one)
    bp.add_url_rule(_path + ".csv", _report.code + "_csv", export)


def _sheet() -> Sheet:
    code = (request.endpoint or "").removeprefix("reports.").removesuffix("_csv")
    report = next(report for report in REPORTS if report.code == code)
    if not (report.own or may("manager")):
        abort(403)
    sheet, own = report.sheet(asked.read()), company.get().currency
    return replace(sheet, parts=sorted(sheet.parts, key=lambda part: part.currency != own))


def _filters() -> dict[str, Any]:
    found, names = asked.read(), dict(choices.countries())
    countries = sorted(((code, names.get(code, code)) for code in rows.countries()), key=lambda pair: pair[1])
    return {
        "asked": found,
        "presets": asked.presets(found.period, found.today),
        "shown_period": asked.words(found.period, found.today),
        "countries": countries,
        "tags": accounts.every_tag(),
        "people": users.active(),
        "link": asked.link,
    }
