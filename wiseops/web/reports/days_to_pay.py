"""How long after its due date an invoice is paid, as a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from babel.dates import format_skeleton
from flask_babel import get_locale

from wiseops.queries.reports import days_to_pay
from wiseops.queries.reports.days_to_pay import Month
from wiseops.web.filters import tenths
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Cell, Chart, Part, Sheet, bars, percent
from wiseops.web.texts import gettext as _


def sheet(asked: Asked) -> Sheet:
    found = days_to_pay.read(asked.period, asked.selection)
    return Sheet(
        "days_to_pay",
        _("Days to pay"),
        _("From the due date to the payment that settled the invoice, by month of payment; early is below 0."),
        _("No invoice was paid"),
        [_part(found)] if found else [],
    )


def _part(found: Sequence[Month]) -> Part:
    return Part(
        "days_to_pay-all",
        "",
        "",
        [_("Month"), _("Invoices paid"), _("In time"), _("Mean days"), _("Median days")],
        [_line(month) for month in found],
        (),
        Chart(
            bars((_name(month), [month.mean], tenths(_days(month.mean))) for month in found),
            [(_("Mean days after the due date"), "series-1")],
        ),
    )


def _line(month: Month) -> list[Cell]:
    share = percent(month.in_time / month.count)
    return [_name(month), month.count, share, _days(month.mean), _days(month.median)]


def _name(month: Month) -> str:
    return format_skeleton("yMMM", month.first, locale=get_locale() or "en")


def _days(value: float) -> Decimal:
    return Decimal(f"{value:.1f}")
