"""Public holidays by country (source: the `holidays` package)."""

from __future__ import annotations

import functools
from datetime import date

import holidays


@functools.lru_cache(maxsize=2000)
def _of(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_holiday(country: str, day: date) -> bool:
    """Whether `day` is public holiday in the ISO 3166 country; False for a country nobody knows."""
    return day in _of(country, day.year)
