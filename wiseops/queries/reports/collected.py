"""What automation brought in, week by week and by the step that was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from wiseops.queries.auto_collection import collected
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.selections import ALL, Selection


@dataclass(frozen=True, slots=True)
class Collected:
    """One currency, minor units: by week's Monday, then by step. Every week between the ends of the period."""

    currency: str
    steps: Sequence[int]
    weeks: Mapping[date, Mapping[int, int]]

    @property
    def total(self) -> int:
        return sum(sum(week.values()) for week in self.weeks.values())

    def of_step(self, step: int) -> int:
        return sum(week.get(step, 0) for week in self.weeks.values())


def read(period: Period, today: date, selection: Selection = ALL) -> list[Collected]:
    """The currencies in which anything came in."""
    found: dict[str, dict[tuple[date, int], int]] = defaultdict(lambda: defaultdict(int))
    for (day, step, currency), amount in collected.by_step(period, selection).items():
        found[currency][_monday(day), step] += amount
    return [_collected(currency, sums, period, today) for currency, sums in sorted(found.items())]


def _collected(currency: str, sums: Mapping[tuple[date, int], int], period: Period, today: date) -> Collected:
    mondays = [monday for monday, _step in sums]
    since = _monday(period.since) if period.since else min(mondays)
    until = max(_monday(min(period.until or today, today)), *mondays)
    weeks: dict[date, dict[int, int]] = {since + timedelta(weeks=n): {} for n in range((until - since).days // 7 + 1)}
    for (monday, step), amount in sums.items():
        weeks[monday][step] = amount
    return Collected(currency, sorted({step for _monday, step in sums}), weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
