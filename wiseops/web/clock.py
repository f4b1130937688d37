"""The clock, read at the edge only; everything below takes `now` or `today` as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import g

from wiseops.queries import company


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """Where the company is."""
    here = g._get_current_object()
    found: ZoneInfo | None = here.get("zone")
    if found is None:
        found = here.zone = ZoneInfo(company.get().timezone)
    return found


def today() -> date:
    """The day it is where the company is."""
    return now().astimezone(zone()).date()
