"""When a debtor may be contacted: the spans of time, in UTC, in which it is a decent hour wherever they may be."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta

from wiseops.domain import zones as places
from wiseops.domain.holidays import Calendar

Hours = tuple[tuple[time, time] | None, ...]
"""Opening and closing time of each weekday from Monday on; None: closed."""

Span = tuple[datetime, datetime]
"""Half-open, in UTC: the first instant is open, the last is not."""

HORIZON = 400
_DAY = timedelta(days=1)


@functools.lru_cache(maxsize=5000)
def candidates(
    account_zone: str | None, country: str | None, phone_zones: tuple[str, ...], company_zone: str
) -> tuple[str, ...]:
    """Every zone the debtor may be in: the account's, else its country's only one, and those of its phone numbers.

    Where none of these says anything: all zones of the country; without a country the company's.
    """
    own = account_zone or (places.of_country(country) if country else None)
    known = dict.fromkeys((own, *phone_zones) if own else phone_zones)
    if known:
        return tuple(known)
    return (places.all_of(country) if country else ()) or (company_zone,)


def window(zones: tuple[str, ...], hours: Hours, calendar: Calendar | None, after: datetime) -> Span | None:
    """The first span open in every one of the zones that ends after that instant; it may have begun. None: never."""
    day = after.astimezone(places.zone(zones[0])).date()
    for _ in range(HORIZON):
        for span in spans(zones, hours, calendar, day):
            if span[1] > after:
                return span
        day += _DAY
    return None


@functools.lru_cache(maxsize=50_000)
def spans(zones: tuple[str, ...], hours: Hours, calendar: Calendar | None, day: date) -> tuple[Span, ...]:
    """The spans of the first zone's local day in which every zone is open."""
    first, *others = zones
    found = _of_day(first, hours, calendar, day)
    for other in others:
        theirs = [span for near in (day - _DAY, day, day + _DAY) for span in _of_day(other, hours, calendar, near)]
        found = [
            (max(mine[0], their[0]), min(mine[1], their[1]))
            for mine in found
            for their in theirs
            if mine[0] < their[1] and their[0] < mine[1]
        ]
    return tuple(found)


def why_closed(zones: tuple[str, ...], hours: Hours, calendar: Calendar | None, now: datetime) -> str | None:
    """What closes this moment: `holiday`, `weekday` or `window`; None where every zone is open."""
    codes = [_why(zone, hours, calendar, now) for zone in zones]
    return next((code for code in ("holiday", "weekday", "window") if code in codes), None)


def _why(zone: str, hours: Hours, calendar: Calendar | None, now: datetime) -> str | None:
    day = now.astimezone(places.zone(zone)).date()
    if calendar is not None and calendar.closes(day):
        return "holiday"
    if hours[day.weekday()] is None:
        return "weekday"
    return None if any(opens <= now < closes for opens, closes in _of_day(zone, hours, None, day)) else "window"


def _of_day(zone: str, hours: Hours, calendar: Calendar | None, day: date) -> list[Span]:
    daily = hours[day.weekday()]
    if daily is None or (calendar is not None and calendar.closes(day)):
        return []
    opens, closes = max(_both(zone, day, daily[0])), min(_both(zone, day, daily[1]))
    return [(opens, closes)] if opens < closes else []


def _both(zone: str, day: date, at: time) -> tuple[datetime, datetime]:
    """The instants a local time can mean: two on the night it comes twice, or not at all. The strict one is taken."""
    local = datetime.combine(day, at, places.zone(zone))
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
