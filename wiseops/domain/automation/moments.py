"""The moments at which a step may go, in the debtor's zone."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, time, timedelta

from wiseops.domain import zones
from wiseops.domain.automation.rules import WINDOW_END
from wiseops.domain.holidays import is_holiday

_HORIZON = 400


@functools.lru_cache(maxsize=50_000)
def slot(
    zone_name: str, country: str, weekdays: frozenset[int], at: time, not_before: datetime, now: datetime
) -> tuple[datetime, datetime] | None:
    """The first span, as (start, end) in UTC, in which a step of that time and those weekdays may go.

    It ends after both `not_before` and `now` and starts no earlier than `not_before`; it may have begun. On an
    allowed day that is no public holiday of `country` it lasts from `at` until the contact window ends. None
    where no such day comes.
    """
    place = zones.zone(zone_name)
    earliest = max(not_before, now)
    day = earliest.astimezone(place).date()
    for _ in range(_HORIZON):
        if day.weekday() in weekdays and not is_holiday(country, day):
            end = datetime.combine(day, WINDOW_END, place).astimezone(UTC)
            if end > earliest:
                start = datetime.combine(day, at, place).astimezone(UTC)
                return max(start, not_before.astimezone(UTC)), end
        day += timedelta(days=1)
    return None
