"""Closed days as the installation keeps them."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import String, cast, extract, func, select

from wiseops.domain.holidays import Calendar
from wiseops.extensions import db
from wiseops.models import Holiday


def calendars() -> Mapping[str, Calendar]:
    """The calendar of every country that has days kept; the same days are the same object, so that it can be a key."""
    # One text a country: thousands of rows would cost more than all other rules together.
    days = func.aggregate_strings(cast(Holiday.day, String), " ")
    found: dict[str, list[str]] = defaultdict(lambda: ["", ""])
    for country, closed, text in db.session.execute(
        select(Holiday.country, Holiday.closed, days).group_by(Holiday.country, Holiday.closed)
    ):
        found[country][0 if closed else 1] = text
    return {country: _calendar(country, *texts) for country, texts in found.items()}


@functools.lru_cache(maxsize=500)
def _calendar(country: str, closed: str, taken_out: str) -> Calendar:
    days = frozenset(map(date.fromisoformat, closed.split()))
    years = frozenset(int(day[:4]) for day in f"{closed} {taken_out}".split())
    return Calendar(country, days, years)


def of_year(country: str, year: int) -> list[Holiday]:
    """The days kept of that year, those that were taken out among them."""
    of_it = (Holiday.country == country, Holiday.day >= date(year, 1, 1), Holiday.day <= date(year, 12, 31))
    return list(db.session.scalars(select(Holiday).where(*of_it).order_by(Holiday.day)))


def years(country: str) -> list[int]:
    """The years that are kept of the country."""
    year = extract("year", Holiday.day)
    return [int(found) for found in db.session.scalars(select(year).where(Holiday.country == country).distinct())]


def countries() -> list[str]:
    """The countries that have days kept."""
    return list(db.session.scalars(select(Holiday.country).distinct().order_by(Holiday.country)))
