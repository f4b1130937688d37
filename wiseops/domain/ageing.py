"""How old what is owed is: not due, 1-30, 31-60, 61-90 and over 90 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "over_90")
_LIMITS = (0, 30, 60, 90)


def days_overdue(due_on: date, today: date) -> int:
    """Days since the due date; 0 on that day and before."""
    return max((today - due_on).days, 0)


def bucket(due_on: date, today: date) -> str:
    """The bucket of a due date, seen from today."""
    days = days_overdue(due_on, today)
    return next((name for name, limit in zip(BUCKETS, _LIMITS, strict=False) if days <= limit), BUCKETS[-1])


def aged(items: Iterable[tuple[date, int]], today: date) -> dict[str, int]:
    """(due date, minor units) of one currency, added up per bucket; every bucket has a figure."""
    sums = dict.fromkeys(BUCKETS, 0)
    for due_on, minor in items:
        sums[bucket(due_on, today)] += minor
    return sums
