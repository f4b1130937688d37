"""Closed days: kept from the package for a country, added and taken out by an admin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from importlib.metadata import version

from wiseops.domain import holidays
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Holiday
from wiseops.queries import holidays as known
from wiseops.services import automation, events
from wiseops.services.transaction import transaction

_ADMIN = "admin"


def keep(country: str, years: Iterable[int]) -> int:
    """Keeps the package's days of the years that the country has none of. Answers how many days."""
    source = f"holidays {version('holidays')}"
    with transaction():
        there, kept = set(known.years(country)), 0
        for year in sorted(set(years) - there):
            for day, name in sorted(holidays.named(country, year).items()):
                if day.year == year:
                    db.session.add(Holiday(country=country, day=day, name=name[:200], source=source, closed=True))
                    kept += 1
        if kept:
            automation.rules_changed()
        return kept


def close(country: str, day: date, name: str, *, now: datetime, by_id: int | None) -> None:
    """Nobody in the country is contacted on that day. Its year's public holidays are kept with it."""
    if not name.strip():
        raise Refused("Say what the day is.", "name")
    with transaction():
        keep(country, [day.year])
        row = db.session.get(Holiday, (country, day), with_for_update=True)
        if row is not None and row.closed:
            raise Refused("It is a closed day already.", "day")
        if row is None:
            row = Holiday(country=country, day=day, source=_ADMIN)
            db.session.add(row)
        row.name, row.closed = name.strip()[:200], True
        events.record("day_closed", account_id=None, at=now, by_id=by_id, country=country, day=day.isoformat())
        automation.rules_changed()


def open_again(country: str, day: date, *, now: datetime, by_id: int | None) -> None:
    """Takes the day out; it stays out, whatever a newer package says."""
    with transaction():
        row = db.session.get(Holiday, (country, day), with_for_update=True)
        if row is None or not row.closed:
            return
        row.closed = False
        events.record("day_opened", account_id=None, at=now, by_id=by_id, country=country, day=day.isoformat())
        automation.rules_changed()
