"""Single cells of a source file: amounts, dates, numbers. What Excel spoils is named, never guessed."""

from __future__ import annotations

import functools
import re
from datetime import date, timedelta

from wiseops.domain import money
from wiseops.domain.errors import Refused

DATES = {
    "iso": ("2026-03-31", r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    "d.m.y": ("31.03.2026", r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"),
    "d-m-y": ("31-03-2026", r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})"),
    "d/m/y": ("31/03/2026", r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    "m/d/y": ("03/31/2026", r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})"),
    "y/m/d": ("2026/03/31", r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})"),
    "ymd": ("20260331", r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
}
DECIMALS = (".", ",")
FIRST_YEAR, LAST_YEAR = 1970, 2100

_PATTERNS = {name: re.compile(form + r"(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII) for name, (_, form) in DATES.items()}
_SERIAL = re.compile(r"[1-9]\d{4}(?:[.,]0+)?", re.ASCII)
_AMOUNTS = {
    ".": re.compile(r"\d+(?:\.\d+)?", re.ASCII),
    ",": re.compile(r"\d+(?:,\d+)?", re.ASCII),
}
_GROUPED = {
    ".": re.compile(r"\d{1,3}(?:[, ’']\d{3})+(?:\.\d+)?", re.ASCII),
    ",": re.compile(r"\d{1,3}(?:[. ’']\d{3})+(?:,\d+)?", re.ASCII),
}
_FLOAT = re.compile(r"\d+(?:[.,]\d+)?E[+-]\d+", re.IGNORECASE | re.ASCII)
_DOT_ZERO = re.compile(r"\d+[.,]0+", re.ASCII)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2212": "-"})


@functools.lru_cache(maxsize=4096)
def day(text: str, form: str) -> date:
    """The date in `text`, written in `form` (a key of DATES)."""
    found = _PATTERNS[form].fullmatch(text)
    if not found:
        if _SERIAL.fullmatch(text):
            meant = date(1899, 12, 30) + timedelta(days=int(text[:5]))
            raise Refused(f"“{text}” is a date as Excel counts it (it may be {meant}). Format the column as a date.")
        raise Refused(f"“{text[:40]}” is no date like {DATES[form][0]}.")
    year, month, of_month = int(found["y"]), int(found["m"]), int(found["d"])
    try:
        result = date(year, month, of_month)
    except ValueError:
        raise Refused(f"“{text[:40]}” is a day that does not exist; dates here look like {DATES[form][0]}.") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"“{text[:40]}” lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
    return result


def amount(text: str, currency: str, *, decimal: str = ".", grouped: bool = False, signed: bool = False) -> int:
    """Minor units of `currency`; `grouped` allows thousands to be set apart, `signed` a minus in front."""
    text = text.translate(_SPACES)
    if signed and text.startswith("-"):
        return -amount(text[1:], currency, decimal=decimal, grouped=grouped)
    if text.startswith(("-", "(")) or text.endswith("-"):
        raise Refused(f"“{text[:40]}” is negative. Amounts are positive; the kind gives the sign.")
    if not _AMOUNTS[decimal].fullmatch(text) and not (grouped and _GROUPED[decimal].fullmatch(text)):
        raise Refused(_no_amount(text, decimal))
    bare = "".join(mark for mark in text if mark.isdigit() or mark == decimal)
    return money.parse(bare.replace(",", "."), currency).minor


def _no_amount(text: str, decimal: str) -> str:
    other = "," if decimal == "." else "."
    if _FLOAT.fullmatch(text):
        return f"“{text}” is a rounded figure from Excel. Format the column as a number with decimals."
    if any(form.fullmatch(text) for form in (_AMOUNTS[other], _GROUPED[other], _GROUPED[decimal])):
        shown = "1234.50" if decimal == "." else "1234,50"
        return f"“{text[:40]}” is not written like {shown}. Set the decimal sign in a profile, or change the file."
    return f"“{text[:40]}” is not an amount."


def number(text: str, *, longest: int = 60) -> str:
    """An identifier, kept as it is: leading zeros matter."""
    if _FLOAT.fullmatch(text):
        raise Refused(f"“{text}” was shortened by Excel and its digits are lost. Format the column as text.")
    if _DOT_ZERO.fullmatch(text):
        raise Refused(f"“{text}” was made a decimal number on its way. Format the column as text.")
    return line(text, longest=longest)


def line(text: str, *, longest: int = 200) -> str:
    """One line of text; line breaks and runs of space become one space."""
    if not text.isprintable() or "  " in text:
        text = " ".join(text.split())
    if len(text) > longest:
        raise Refused(f"“{text[:20]}…” is longer than {longest} characters.")
    if not text.isprintable():
        raise Refused("The value holds a control character.")
    return text
