"""The company this installation belongs to."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from wiseops.domain import money
from wiseops.extensions import db
from wiseops.models import Company


def get() -> Company:
    """The one row; the data migration makes it."""
    return db.session.get_one(Company, 1)


def find() -> Company | None:
    """The one row, or None on a database without its default data."""
    return db.session.get(Company, 1)


def today(now: datetime) -> date:
    """The company's day, in which everything is counted."""
    return now.astimezone(ZoneInfo(get().timezone)).date()


def currencies() -> frozenset[str]:
    """The currencies that may be used."""
    return frozenset(get().currencies) or money.currencies()
