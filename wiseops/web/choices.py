"""What selects offer: countries, time zones, weekdays, in the reader's language."""

from __future__ import annotations

from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_day_names
from flask_babel import get_locale


def countries() -> list[tuple[str, str]]:
    """(DK, Danmark) …, by name."""
    names = _locale().territories
    real = {code for code in get_global("territory_currencies") if len(code) == 2 and code.isalpha() and code != "ZZ"}
    return sorted(((code, names.get(code, code)) for code in real), key=lambda pair: pair[1])


def timezones() -> list[tuple[str, str]]:
    """(Europe/Copenhagen, Europe/Copenhagen) …; places only, no abbreviations."""
    continents = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.startswith(continents)]


def weekdays() -> list[tuple[int, str]]:
    """(0, Monday) … (6, Sunday)."""
    return sorted(get_day_names("wide", locale=_locale()).items())


def _locale() -> Locale:
    return get_locale() or Locale("en")
