"""Who an SMS is from: a country may want another sender than the usual one."""

from __future__ import annotations

import re

from phonenumbers import SUPPORTED_REGIONS

from wiseops.domain import phones
from wiseops.domain.errors import Refused

NUMBERS_ONLY = frozenset({"US", "CA", "PR"})
"""Countries whose networks take no sender with letters."""

_SENDER = re.compile(r"\+?\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
FIELD = "sms_senders"


def is_sender(text: str) -> bool:
    """Up to 11 letters and digits, or a number."""
    return _SENDER.fullmatch(text) is not None


def parse(text: str) -> dict[str, str]:
    """Senders by country, from lines such as `US +12025550123`. Raises Refused naming the line."""
    senders: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        country, _space, sender = line.partition(" ")
        country, sender = country.upper(), sender.strip()
        if country not in SUPPORTED_REGIONS:
            raise Refused(f"“{line[:40]}” does not begin with a country code such as US.", FIELD)
        if not is_sender(sender):
            raise Refused(f"“{line[:40]}”: use up to 11 letters and digits, or a number.", FIELD)
        if country in NUMBERS_ONLY and not _is_number(sender):
            raise Refused(f"{country} takes only numbers as senders.", FIELD)
        if country in senders:
            raise Refused(f"{country} stands there twice.", FIELD)
        senders[country] = sender
    return senders


def written(senders: dict[str, str]) -> str:
    """The same as lines, in the order of the countries."""
    return "\n".join(f"{country} {sender}" for country, sender in sorted(senders.items()))


def choose(to: str, *, usual: str, by_country: str) -> str:
    """The sender of an SMS to this number; empty: the provider's own number."""
    country = phones.country(to)
    sender = parse(by_country).get(country or "", usual)
    return "" if country in NUMBERS_ONLY and not _is_number(sender) else sender


def _is_number(sender: str) -> bool:
    return sender.lstrip("+").isdigit()
