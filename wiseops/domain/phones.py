"""Phone numbers in E.164, so that one number has one spelling."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
from phonenumbers import timezone
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

_ANYWHERE = 6
"""A number with more zones than this (+1 800) says nothing about where its owner is."""


def e164(given: str, country: str | None) -> str | None:
    """'20 12 34 56' in DK is '+4520123456'; None where it is no valid number there."""
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country(number: str) -> str | None:
    """The country of an E.164 number; None where it belongs to none, such as a satellite phone."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=4096)
def shown(number: str) -> str:
    """An E.164 number with the spaces that people read it with; a name, a short code or an e-mail address as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def zone(number: str) -> str | None:
    """The time zone of an E.164 number; None where it could be in several."""
    found = timezone.time_zones_for_number(phonenumbers.parse(number))
    return found[0] if len(found) == 1 and found[0] in available_timezones() else None


def zones(number: str) -> tuple[str, ...]:
    """The time zones an E.164 number belongs to; none where it could be anywhere."""
    digits = number.removeprefix("+")
    for length in range(TIMEZONE_LONGEST_PREFIX, 0, -1):
        found = TIMEZONE_DATA.get(digits[:length])
        if found is not None:
            return found if len(found) <= _ANYWHERE else ()
    return ()
