"""The moments at which a step may go: its own weekdays and time of day, inside the contact window."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from wiseops.domain import zones
from wiseops.domain.guardrails.windows import HORIZON, Hours, Span, spans
from wiseops.domain.holidays import Calendar

_DAY = timedelta(days=1)


@functools.lru_cache(maxsize=50_000)
def slot(
    place: str,
    candidates: tuple[str, ...],
    hours: Hours,
    calendar: Calendar | None,
    weekdays: frozenset[int],
    at: time,
    not_before: datetime,
    now: datetime,
) -> Span | None:
    """The first span, as (start, end) in UTC, in which a step of that time and those weekdays may go.

    It ends after both `not_before` and `now` and starts no earlier than `not_before`; it may have begun. On an
    allowed day of `place` it lasts from `at`, or from when the contact window of all `candidates` opens, until that
    window ends. None where no such day comes.
    """
    zone = zones.zone(place)
    earliest = max(not_before, now)
    day = earliest.astimezone(zone).date()
    for _ in range(HORIZON):
        if day.weekday() in weekdays:
            start = datetime.combine(day, at, zone).astimezone(UTC)
            over = datetime.combine(day + _DAY, time(0), zone).astimezone(UTC)
            for opens, closes in _open(place, candidates, hours, calendar, day):
                begins, ends = max(opens, start), min(closes, over)
                if begins < ends and ends > earliest:
                    return max(begins, not_before.astimezone(UTC)), ends
        day += _DAY
    return None


def _open(
    place: str, candidates: tuple[str, ...], hours: Hours, calendar: Calendar | None, day: date
) -> Iterator[Span]:
    """What is open on that day of `place`, and around it where the candidates live by other clocks."""
    for near in (day,) if candidates[0] == place else (day - _DAY, day, day + _DAY):
        yield from spans(candidates, hours, calendar, near)
