"""Money, days and kinds as a message says them, in its own language."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency

from wiseops.domain import money as amounts

LANGUAGES = {"da": "Dansk", "en": "English", "nb": "Norsk (bokmål)"}
"""What templates can be written in, each by its own name."""

_LOCALES = {"da": Locale("da"), "en": Locale("en", "GB"), "nb": Locale("nb")}
_PATTERNS = {"en": "¤¤\u00a0#,##0.00"}
_NAMED = 5
_KINDS = {
    "da": {
        "invoice": "Faktura",
        "fee": "Gebyr",
        "interest": "Rente",
        "charge": "Omkostning",
        "refund": "Tilbagebetaling",
        "adjustment": "Regulering",
    },
    "en": {
        "invoice": "Invoice",
        "fee": "Fee",
        "interest": "Interest",
        "charge": "Charge",
        "refund": "Refund",
        "adjustment": "Adjustment",
    },
    "nb": {
        "invoice": "Faktura",
        "fee": "Gebyr",
        "interest": "Rente",
        "charge": "Omkostning",
        "refund": "Tilbakebetaling",
        "adjustment": "Justering",
    },
}


def language_of(*wishes: str | None) -> str:
    """The first wish that we can write in, else English. 'no', 'nn' and 'nb-NO' are nb."""
    return next((code for wish in wishes if (code := _code(wish))), "en")


def _code(wish: str | None) -> str | None:
    code = (wish or "").replace("_", "-").split("-")[0].lower()
    code = "nb" if code in ("no", "nn") else code
    return code if code in LANGUAGES else None


@functools.lru_cache(maxsize=4096)
def money(minor: int, currency: str, language: str) -> str:
    """'1.234,50 DKK' in Danish, 'DKK 1,234.50' in English: the code, since kroner are of three countries."""
    pattern = _PATTERNS.get(language, "#,##0.00\u00a0¤¤")
    value = amounts.Money(minor, currency).amount
    return str(format_currency(value, currency, pattern, locale=_LOCALES[language]))


def totals(sums: Mapping[str, int], language: str) -> str:
    """Each currency by itself: '1.234,50 DKK og 300,00 EUR'."""
    return str(format_list([money(sums[code], code, language) for code in sorted(sums)], locale=_LOCALES[language]))


@functools.lru_cache(maxsize=4096)
def day(on: date, language: str) -> str:
    """'22 Nov 2026' in English, '22. nov. 2026' in Danish."""
    return str(format_date(on, "medium", locale=_LOCALES[language]))


def kind(name: str, language: str) -> str:
    """What a ledger line is called in a message."""
    return _KINDS[language].get(name, name)


def numbers(all_of_them: Iterable[str]) -> str:
    """The first few invoice numbers, and how many more: what an SMS has room for."""
    found: Sequence[str] = list(all_of_them)
    named = ", ".join(found[:_NAMED])
    return f"{named} +{len(found) - _NAMED}" if len(found) > _NAMED else named
