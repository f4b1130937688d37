"""The numbers of an account that one can call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wiseops.domain import phones, zones
from wiseops.models import Contact
from wiseops.queries import accounts, company


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call, and what time it is there."""

    contact: Contact
    local: datetime
    zone: str


def numbers(account_id: int, people: Sequence[Contact], now: datetime) -> list[Number]:
    """Whom one can call, the default first, and the time it is at each number."""
    account, ours = accounts.get(account_id), company.get().timezone
    found = []
    for contact in sorted((row for row in people if row.phone), key=lambda row: not row.default_sms):
        name = phones.zone(contact.phone or "") or zones.choose(account.timezone, account.country, ours)
        found.append(Number(contact, now.astimezone(zones.zone(name)), name))
    return found
