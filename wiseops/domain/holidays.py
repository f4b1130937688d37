"""Closed days by country: as the installation keeps them, else the public holidays of the `holidays` package."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date

import holidays


@dataclass(frozen=True, eq=False, slots=True)
class Calendar:
    """A country's closed `days` in the `years` that are kept; in any other year the package says."""

    country: str
    days: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def closes(self, day: date) -> bool:
        """Whether nobody is contacted on that day, and no deadline ends on it."""
        return day in (self.days if day.year in self.years else _of(self.country, day.year))


@functools.cache
def public(country: str) -> Calendar:
    """The package's own calendar of that ISO 3166 country; without a closed day where nobody knows the country."""
    return Calendar(country)


def named(country: str, year: int) -> dict[date, str]:
    """The public holidays with their names, from the package; none where it does not know the country."""
    try:
        return dict(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return {}


@functools.lru_cache(maxsize=2000)
def _of(country: str, year: int) -> frozenset[date]:
    return frozenset(named(country, year))
