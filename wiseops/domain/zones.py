"""Time zones: the one a country has, where it has just one."""

from __future__ import annotations

import functools
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.core import get_global


@functools.cache
def of_country(country: str) -> str | None:
    """The country's only time zone, or None where it has several (source: CLDR)."""
    zones = get_global("territory_zones").get(country) if country else None
    return zones[0] if zones and len(zones) == 1 else None


@functools.cache
def all_of(country: str) -> tuple[str, ...]:
    """Every time zone of the country, by name; none where nobody knows it (source: CLDR)."""
    return tuple(sorted(get_global("territory_zones").get(country) or ()))


@functools.cache
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises ZoneInfoNotFoundError for a name nobody knows."""
    return ZoneInfo(name)


def choose(account_zone: str | None, country: str | None, company_zone: str) -> str:
    """The debtor's zone: the account's own, else its country's only one, else the company's."""
    return account_zone or (of_country(country) if country else None) or company_zone


@functools.lru_cache(maxsize=50_000)
def midnight(day: date, zone_name: str) -> datetime:
    """The first instant of a local day, with its zone."""
    return datetime.combine(day, time(0), zone(zone_name))
