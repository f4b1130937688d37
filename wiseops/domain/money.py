"""Money: whole minor units and a currency; never a float, never two currencies in one sum."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from decimal import Decimal

from babel.core import get_global
from babel.numbers import NumberFormatError, get_currency_precision, parse_decimal

from wiseops.domain.errors import Refused

LARGEST = 10**15
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_TYPED = re.compile(r"[+-]?\d[\d.,\u00a0’']*", re.ASCII)


@functools.cache
def currencies() -> frozenset[str]:
    """The ISO 4217 codes that are legal tender somewhere today (source: CLDR, as shipped with babel)."""
    found: set[str] = set()
    for entries in get_global("territory_currencies").values():
        found |= {code for code, _start, end, tender in entries if tender and not end}
    return frozenset(found)


@functools.cache
def exponent(currency: str) -> int:
    """Decimal places of a currency: 2 for DKK, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (øre, cents) of one currency. Arithmetic refuses to mix currencies."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.minor

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{plain(self.minor, self.currency)} {self.currency}"


def plain(minor: int, currency: str) -> str:
    """A decimal string for machines: 1234 DKK øre is '12.34'."""
    return f"{Decimal(minor).scaleb(-exponent(currency)):f}"


def parse(text: str, currency: str) -> Money:
    """'1234.50' (decimal point, no grouping) in `currency`. Raises Refused in words for a person."""
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        raise Refused(f"“{text[:40]}” is not an amount. Write it like 1234.50.")
    scaled = Decimal(text).scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise Refused(f"“{text[:40]}” has more decimals than {currency} has.")
    if abs(scaled) > LARGEST:
        raise Refused(f"“{text[:40]}” is larger than any amount we keep.")
    return Money(int(scaled), currency)


def parse_local(text: str, currency: str, locale: str) -> Money:
    """'1.234,50' as a Dane writes it: strict, so that a point read as a comma is refused, never guessed."""
    typed = re.sub(r"[ \u202f]", "\u00a0", text.strip()).replace("\u2212", "-")
    try:
        if not _TYPED.fullmatch(typed):
            raise NumberFormatError("not a number")
        return parse(f"{parse_decimal(typed, locale=locale, strict=True):f}", currency)
    except NumberFormatError:
        example = "1.234,50" if locale[:2] == "da" else "1 234,50" if locale[:2] in ("nb", "no") else "1,234.50"
        raise Refused(f"“{text[:40]}” is not an amount. Write it like {example}.") from None
