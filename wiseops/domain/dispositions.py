"""How a contact ended, and when to come back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from wiseops.domain.errors import Refused
from wiseops.domain.holidays import public
from wiseops.domain.texts import one_line

MOST_DAYS = 90


def check(name: str, follow_up_days: int | None) -> str:
    """The name trimmed. Raises Refused on the field that is wrong."""
    name = one_line(name, "name", 60)
    if not name:
        raise Refused("Give it a name.", "name")
    if follow_up_days is not None and not 0 <= follow_up_days <= MOST_DAYS:
        raise Refused(f"Use 0 to {MOST_DAYS} days, or nothing.", "follow_up_days")
    return name


def follow_up_on(days: int | None, today: date, *, business_days: Collection[int], country: str) -> date | None:
    """The working day that is so many working days after today; None where a disposition proposes none."""
    if days is None:
        return None
    day = today
    while True:
        if day.weekday() in business_days and not public(country).closes(day) and (day > today or days == 0):
            days -= 1
            if days <= 0:
                return day
        day += timedelta(days=1)
