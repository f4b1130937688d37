"""What automation brought in, as a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from wiseops.domain.money import Money
from wiseops.queries.reports import collected
from wiseops.queries.reports.collected import Collected
from wiseops.web.filters import amount, day_month, money
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Cell, Chart, Part, Sheet, bars
from wiseops.web.texts import gettext as _


def sheet(asked: Asked) -> Sheet:
    return Sheet(
        "collected",
        _("Collected per week"),
        _("Payments to what reminders listed, while they were at work, by the step they answered."),
        _("Nothing was collected"),
        [_part(row) for row in collected.read(asked.period, asked.today, asked.selection)],
    )


def _part(row: Collected) -> Part:
    names = [_("Step %(step)s", step=step) for step in row.steps]
    return Part(
        f"collected-{row.currency}",
        row.currency,
        row.currency,
        [_("Week from"), *names, _("Total")],
        [[monday, *_cells(week, row)] for monday, week in row.weeks.items()],
        [_("Total"), *_cells({step: row.of_step(step) for step in row.steps}, row)],
        Chart(
            bars(
                (day_month(monday), [week.get(step, 0) for step in row.steps], amount(sum(week.values()), row.currency))
                for monday, week in row.weeks.items()
            ),
            [(name, f"series-{place % 6 + 1}") for place, name in enumerate(names)],
        ),
        [(_("Collected"), money(row.total, row.currency), "")],
    )


def _cells(week: Mapping[int, int], row: Collected) -> list[Cell]:
    of_steps: list[Cell] = [Money(week[step], row.currency) if week.get(step) else None for step in row.steps]
    return [*of_steps, Money(sum(week.values()), row.currency)]
