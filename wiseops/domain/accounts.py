"""What describes a customer account, and which descriptions make sense."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from wiseops.domain.errors import Refused
from wiseops.domain.texts import one_line

KINDS = ("business", "consumer")
_LIMITS = {"number": 60, "name": 200, "street": 200, "postal_code": 40, "city": 200}


@dataclass(frozen=True, slots=True)
class Details:
    """An account's own fields. None for country, language and time zone: as the company's."""

    number: str
    name: str
    kind: str = "business"
    country: str | None = None
    language: str | None = None
    timezone: str | None = None
    street: str = ""
    postal_code: str = ""
    city: str = ""
    tags: frozenset[str] = frozenset()

    @property
    def search(self) -> str:
        """What search looks at: number and name, caseless."""
        return f"{self.number} {self.name}".casefold()


def check(details: Details) -> Details:
    """The details trimmed and in their usual case. Raises Refused, with the field, for what cannot be."""
    checked = replace(
        details,
        **{field: one_line(getattr(details, field), field, limit) for field, limit in _LIMITS.items()},
        country=(details.country or "").strip().upper() or None,
        language=(details.language or "").strip().lower().replace("_", "-") or None,
        timezone=(details.timezone or "").strip() or None,
        tags=frozenset(one_line(tag, "tags", 40) for tag in details.tags if tag.strip()),
    )
    for field in ("number", "name"):
        if not getattr(checked, field):
            raise Refused(f"The account needs a {field}.", field)
    if checked.kind not in KINDS:
        raise Refused(f"“{checked.kind[:20]}” is no kind of account. Use business or consumer.", "kind")
    if checked.country and checked.country not in countries():
        raise Refused(f"“{checked.country[:20]}” is no country. Use two letters, like DK.", "country")
    if checked.language and not _is_language(checked.language):
        raise Refused(f"“{checked.language[:20]}” is no language. Use a code like da or en.", "language")
    if checked.timezone and checked.timezone not in zones():
        raise Refused(f"“{checked.timezone[:40]}” is no time zone. Write it like Europe/Copenhagen.", "timezone")
    return checked


@functools.cache
def countries() -> frozenset[str]:
    """The ISO 3166 codes of countries."""
    codes = get_global("territory_currencies")
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha() and code not in ("EU", "QO", "ZZ"))


@functools.cache
def zones() -> frozenset[str]:
    """The IANA time zones."""
    return frozenset(available_timezones())


@functools.cache
def _is_language(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
