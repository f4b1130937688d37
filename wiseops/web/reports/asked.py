"""What the address asks of the reports: which days, which accounts. The same words in every link."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request, url_for

from wiseops.auth import may, me
from wiseops.queries.auto_collection.periods import EVER, Period
from wiseops.queries.selections import NOBODY, Selection
from wiseops.web import clock
from wiseops.web.auto_collection import periods
from wiseops.web.texts import gettext as _

WORDS = ("from", "to", "ever", "country", "tag", "owner", "kind")


@dataclass(frozen=True, slots=True)
class Asked:
    """A period of company days, a selection of accounts, and whose work is shown: None is everyone's."""

    period: Period
    selection: Selection
    today: date
    by_id: int | None

    @property
    def on(self) -> date:
        """The day of what is told as of a day."""
        return self.period.until or self.today


def read() -> Asked:
    """What is asked; what makes no sense is as if it were not there. A collector is told of their own work."""
    today = clock.today()
    selection = Selection(
        country=_text("country")[:2], tag=_text("tag"), kind=_text("kind"), owner_id=_owner(_text("owner"))
    )
    return Asked(_period(today), selection, today, None if may("manager") else me().id)


def link(endpoint: str = "reports.index", **changes: Any) -> str:
    """The address with some of its words changed; None takes one out."""
    kept = {key: value for key, value in request.args.items() if key in WORDS} | changes
    return url_for(endpoint, **{key: value for key, value in kept.items() if value not in (None, "")})


def presets(chosen: Period, today: date) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is the chosen one) of the usual periods."""
    found = []
    for words, each in _usual(today):
        changes: dict[str, Any] = {
            "from": _iso(each.since),
            "to": _iso(each.until),
            "ever": "1" if each == EVER else None,
        }
        found.append((words, link(**changes), each == chosen))
    return found


def words(chosen: Period, today: date) -> str:
    """The chosen period: its name, else its days."""
    return next((name for name, each in _usual(today) if each == chosen), periods.words(chosen, today))


def _usual(today: date) -> list[tuple[str, Period]]:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month = first - timedelta(days=1)
    return [
        (_("Last 12 weeks"), _twelve_weeks(today)),
        (_("This week"), Period(monday, today)),
        (_("Last week"), Period(monday - timedelta(days=7), monday - timedelta(days=1))),
        (_("This month"), Period(first, today)),
        (_("Last month"), Period(last_month.replace(day=1), last_month)),
        (_("This year"), Period(today.replace(month=1, day=1), today)),
        (_("All time"), EVER),
    ]


def _period(today: date) -> Period:
    asked = Period(_day("from"), _day("to"))
    return asked if request.args.get("ever") or not asked.is_all else _twelve_weeks(today)


def _twelve_weeks(today: date) -> Period:
    return Period(today - timedelta(days=today.weekday(), weeks=11), today)


def _owner(text: str) -> int | None:
    if text == "none":
        return NOBODY
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _text(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "")


def _day(name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(request.args.get(name, ""))
    return None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
