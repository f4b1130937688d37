"""The periods that the figures can be of, in words."""

from __future__ import annotations

from datetime import date, timedelta

from wiseops.queries.auto_collection.periods import EVER, Period
from wiseops.web.filters import day
from wiseops.web.texts import gettext as _


def presets(chosen: Period, today: date) -> list[tuple[str, str | None, str | None, bool]]:
    """(words, from, to, whether it is the chosen one) of the usual ones."""
    return [(words, _iso(each.since), _iso(each.until), each == chosen) for words, each in _usual(today)]


def words(chosen: Period, today: date) -> str:
    """The chosen period: its name, else its days."""
    for name, each in _usual(today):
        if each == chosen:
            return name
    if chosen.until is None:
        return _("Since %(day)s", day=day(chosen.since))
    if chosen.since is None:
        return _("Until %(day)s", day=day(chosen.until))
    return f"{day(chosen.since)} – {day(chosen.until)}"


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _usual(today: date) -> list[tuple[str, Period]]:
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    return [
        (_("All time"), EVER),
        (_("Last 30 days"), Period(today - timedelta(days=29), today)),
        (_("This month"), Period(first, today)),
        (_("Last month"), Period(last_month.replace(day=1), last_month)),
        (_("This year"), Period(today.replace(month=1, day=1), today)),
    ]
