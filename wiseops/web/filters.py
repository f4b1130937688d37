"""How values look: money, numbers, days and moments in the reader's locale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import flask_babel
from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask

from wiseops.domain import phones
from wiseops.domain.money import Money
from wiseops.web import clock, days, happenings, labels

NOTHING = "–"


def money(minor: int | Money, currency: str = "") -> str:
    """12.345,60 DKK: the locale's number, the ISO code after it, so that kr is never in doubt."""
    value = minor if isinstance(minor, Money) else Money(minor, currency)
    return format_currency(value.amount, value.currency, format="#,##0.00\u00a0¤¤", locale=flask_babel.get_locale())


def amount(minor: int | Money, currency: str = "") -> str:
    """12.345,60: for a column whose currency stands elsewhere."""
    return money(minor, currency).rsplit("\u00a0", 1)[0]


def number(value: int | float | Decimal) -> str:
    """12.345"""
    return format_decimal(value, locale=flask_babel.get_locale())


def tenths(value: Decimal) -> str:
    """12.345,0: one decimal in each row of a column."""
    return format_decimal(value, "#,##0.0", locale=flask_babel.get_locale())


def day(value: date | None) -> str:
    """22. nov. 2026"""
    return NOTHING if value is None else days.medium(value)


def moment(value: datetime | None) -> str:
    """22. nov. 2026 10.00, in the company's time zone."""
    if value is None:
        return NOTHING
    there = value.astimezone(clock.zone())
    return f"{days.medium(there)} {days.short(there.time())}"


def time_of_day(value: datetime) -> str:
    """10.00, in the company's time zone."""
    return days.short(value.astimezone(clock.zone()).time())


def local_time(value: datetime) -> str:
    """10.00, in the moment's own zone."""
    return days.short(value.time())


def moment_day(value: datetime | None) -> str:
    """22. nov. 2026, the day of a moment in the company's time zone."""
    return NOTHING if value is None else days.medium(value.astimezone(clock.zone()))


def moment_or_day(value: date | datetime | None) -> str:
    """As moment or as day, whichever it is."""
    return moment(value) if isinstance(value, datetime) else day(value)


def day_month(value: date) -> str:
    """22. nov.: a day whose year goes without saying."""
    return format_skeleton("MMMd", value, locale=flask_babel.get_locale() or "en")


def soon(value: date | datetime | None) -> str:
    """22. nov. 10.00, or 22. nov.: as moment_or_day, the year only where it is another than this."""
    if isinstance(value, datetime):
        return f"{soon_day(value)} {time_of_day(value)}"
    if value is None or value.year != clock.today().year:
        return day(value)
    return day_month(value)


def soon_day(value: datetime | None) -> str:
    """22. nov.: the day of a moment, its year only where it is another than this."""
    return NOTHING if value is None else soon(value.astimezone(clock.zone()).date())


def ago(value: datetime | None) -> str:
    """for 3 dage siden; om 2 timer"""
    if value is None:
        return NOTHING
    return format_timedelta(value - clock.now(), add_direction=True, locale=flask_babel.get_locale() or "en")


def country(code: str) -> str:
    """Danmark; a code that is none stays as it is."""
    return str(_locale().territories.get(code, code))


def language(code: str) -> str:
    """Dansk, as its own speakers call it; a code that is none stays as it is."""
    try:
        return (Locale.parse(code).get_display_name() or code).capitalize() if code else ""
    except (ValueError, UnknownLocaleError):
        return code


def _locale() -> Locale:
    return flask_babel.get_locale() or Locale("en")


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "amount": amount,
    "number": number,
    "day": day,
    "moment": moment,
    "time_of_day": time_of_day,
    "local_time": local_time,
    "moment_day": moment_day,
    "moment_or_day": moment_or_day,
    "day_month": day_month,
    "soon": soon,
    "soon_day": soon_day,
    "ago": ago,
    "country": country,
    "language": language,
    "channel": labels.channel,
    "hold": labels.hold,
    "phone": phones.shown,
    "happened": happenings.sentence,
    "contact_role": labels.contact_role,
    "promise_status": labels.promise_status,
    "promise_tone": labels.promise_tone,
    "dispute_status": labels.dispute_status,
    "dispute_tone": labels.dispute_tone,
    "ground": labels.ground,
    "entry_kind": labels.entry_kind,
    "role": labels.role,
    "stage": labels.stage,
    "tone": labels.tone,
}


def register(app: Flask) -> None:
    """Makes the filters known to every template."""
    app.jinja_env.filters.update(FILTERS)
