"""How a day and a time of day are written: each worked out once a language, for a page shows hundreds."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

from babel.dates import format_date, format_time

from wiseops.web.texts import language


def medium(value: date) -> str:
    """22. nov. 2026"""
    return _day(value.year, value.month, value.day, language().code)


def short(value: time) -> str:
    """10.00"""
    return _time(value.hour, value.minute, language().code)


@lru_cache(maxsize=4096)
def _day(year: int, month: int, of_month: int, code: str) -> str:
    return format_date(date(year, month, of_month), "medium", locale=code)


@lru_cache(maxsize=4096)
def _time(hour: int, minute: int, code: str) -> str:
    return format_time(time(hour, minute), "short", locale=code)
