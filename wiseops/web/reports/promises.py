"""What became of promises, as a sheet."""

from __future__ import annotations

from wiseops.domain.money import Money
from wiseops.domain.promises import Status
from wiseops.queries.reports import promises
from wiseops.queries.reports.promises import Outcome, Promised
from wiseops.web import labels
from wiseops.web.filters import money, number
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Cell, Chart, Part, Sheet, bars, percent
from wiseops.web.texts import gettext as _

COLOURS = {Status.KEPT: "good", Status.KEPT_LATE: "info", Status.PART_KEPT: "warn", Status.BROKEN: "bad"}
_NONE = Outcome(0, 0, 0)


def sheet(asked: Asked) -> Sheet:
    return Sheet(
        "promises",
        _("Promises kept"),
        _("Promises due in the period. Cancelled, replaced and open ones do not count towards the share kept."),
        _("No promise was due"),
        [_part(row) for row in promises.read(asked.period, asked.selection)],
    )


def _part(row: Promised) -> Part:
    outcomes = [(status, row.outcomes.get(status, _NONE)) for status in Status]
    shown = [pair for pair in outcomes if pair[1].count or pair[0] in COLOURS]
    every = row.outcomes.values()
    return Part(
        f"promises-{row.currency}",
        row.currency,
        row.currency,
        [_("Outcome"), _("Promises"), _("Promised"), _("Received")],
        [_line(status, outcome, row.currency) for status, outcome in shown],
        [
            _("Total"),
            sum(each.count for each in every),
            Money(sum(each.amount for each in every), row.currency),
            None if Status.OPEN in row.outcomes else Money(sum(each.received for each in every), row.currency),
        ],
        Chart(
            bars(
                (labels.promise_status(status), _only(status, outcome.amount), money(outcome.amount, row.currency))
                for status, outcome in shown
                if status in COLOURS
            ),
            [(labels.promise_status(status), colour) for status, colour in COLOURS.items()],
            across=True,
            legend=False,
        ),
        [(_("Kept of what was promised"), percent(row.kept_share), _judged(row))],
    )


def _line(status: Status, outcome: Outcome, currency: str) -> list[Cell]:
    received = None if status == Status.OPEN else Money(outcome.received, currency)
    return [labels.promise_status(status), outcome.count, Money(outcome.amount, currency), received]


def _only(status: Status, value: int) -> list[int]:
    return [value if each == status else 0 for each in COLOURS]


def _judged(row: Promised) -> str:
    count = sum(row.outcomes[status].count for status in promises.JUDGED if status in row.outcomes)
    return _("%(count)s judged", count=number(count))
