"""How old what is owed is, as a sheet."""

from __future__ import annotations

from wiseops.domain.ageing import BUCKETS
from wiseops.domain.money import Money
from wiseops.queries.reports import ageing
from wiseops.queries.reports.ageing import Aged
from wiseops.web.filters import amount, day, money
from wiseops.web.labels import AGES
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Cell, Chart, Part, Sheet, bars, percent
from wiseops.web.texts import gettext as _

SHORT = {"1-30": "1–30", "31-60": "31–60", "61-90": "61–90", "over_90": "> 90"}
"""Beneath a narrow chart there is no room for the word days, which its table has."""


def sheet(asked: Asked) -> Sheet:
    return Sheet(
        "ageing",
        _("Ageing on %(day)s", day=day(asked.on)),
        _("What was open at the end of that day, by days past due. Credits are not netted."),
        _("Nothing was open"),
        [_part(row) for row in ageing.read(asked.on, asked.selection)],
        on_day=True,
    )


def _part(row: Aged) -> Part:
    names = {bucket: str(name) for bucket, name in AGES.items()}
    late = row.amount - row.amounts["not_due"]
    return Part(
        f"ageing-{row.currency}",
        row.currency,
        row.currency,
        [_("Age"), _("Items"), _("Amount"), _("Share")],
        [_line(names[bucket], row.counts[bucket], row.amounts[bucket], row) for bucket in BUCKETS],
        _line(_("Open"), row.count, row.amount, row),
        Chart(
            bars(
                (SHORT.get(b, names[b]), _only(b, row.amounts[b]), amount(row.amounts[b], row.currency))
                for b in BUCKETS
            ),
            [(names[bucket], f"age-{bucket}") for bucket in BUCKETS],
            legend=False,
        ),
        [
            (_("Open"), money(row.amount, row.currency), ""),
            (_("Past due"), money(late, row.currency), percent(late / row.amount if row.amount else None)),
            *(
                [(_("Credit not allocated"), money(row.credit, row.currency), _("not deducted above"))]
                * bool(row.credit)
            ),
        ],
    )


def _line(name: str, count: int, minor: int, row: Aged) -> list[Cell]:
    return [name, count, Money(minor, row.currency), percent(minor / row.amount if row.amount else None)]


def _only(bucket: str, value: int) -> list[int]:
    return [value if each == bucket else 0 for each in BUCKETS]
