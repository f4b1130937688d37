"""What each collector did, as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from wiseops.queries.reports import work
from wiseops.queries.reports.work import Worked
from wiseops.web import labels
from wiseops.web.filters import number
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Chart, Part, Sheet, bars
from wiseops.web.texts import gettext as _


def sheet(asked: Asked) -> Sheet:
    found = work.read(asked.period, asked.selection, by_id=asked.by_id)
    with_outcome = [row for row in found if row.dispositions]
    return Sheet(
        "work",
        _("Work per collector") if asked.by_id is None else _("Your work"),
        _("What people noted, took, finished and sent themselves in the period."),
        _("Nobody noted anything"),
        [*([_did(found)] if found else []), *([_ended(with_outcome)] if with_outcome else [])],
    )


def _did(found: Sequence[Worked]) -> Part:
    kinds = [kind for kind in labels.ACTIVITIES if any(row.kinds.get(kind) for row in found)]
    names = [_kinds()[kind] for kind in kinds] + [_("Promises taken"), _("Tasks done"), _("Messages by hand")]
    rows = [
        (row.name, [*(row.kinds.get(kind, 0) for kind in kinds), row.promises, row.tasks, row.messages])
        for row in found
    ]
    return Part(
        "work-done",
        "",
        "",
        [_("Collector"), *names],
        [[name, *counts] for name, counts in rows],
        [_("Total"), *(sum(column) for column in zip(*(counts for _name, counts in rows), strict=True))]
        if len(rows) > 1
        else (),
        Chart(
            bars((name, counts, number(sum(counts))) for name, counts in rows),
            [(name, f"series-{place % 6 + 1}") for place, name in enumerate(names)],
            across=True,
        ),
    )


def _ended(found: Sequence[Worked]) -> Part:
    dispositions = sorted({name for row in found for name in row.dispositions}, key=lambda name: (not name, name))
    return Part(
        "work-ended",
        _("How activities ended"),
        "",
        [_("Collector"), *(name or _("Not said") for name in dispositions)],
        [[row.name, *(row.dispositions.get(name, 0) for name in dispositions)] for row in found],
    )


def _kinds() -> dict[str, str]:
    return {"call": _("Calls"), "note": _("Notes"), "meeting": _("Meetings"), "other": _("Other")}
