"""Why an address must not be used, and its one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from wiseops.domain import contacts, phones
from wiseops.domain.contacts import Details
from wiseops.domain.errors import Refused

CHANNELS = ("sms", "email", "call")
_NUMBER = re.compile(r"\+[1-9]\d{3,14}")


class Reason(StrEnum):
    """Why; the weightiest first: what a person asked for comes before what a provider found out."""

    OPTED_OUT = "opted_out"
    COMPLAINT = "complaint"
    INVALID = "invalid"
    BOUNCED = "bounced"


def normal(channel: str, address: str, country: str | None = None) -> str:
    """Small letters, or E.164; a number that begins with + is taken as it is. Raises Refused for what is no address."""
    if channel == "email":
        checked = contacts.check(Details(email=address)).email.lower()
        if not checked:
            raise Refused("Give an e-mail address.", "address")
        return checked
    compact = re.sub(r"[\s().-]", "", address)
    found = compact if _NUMBER.fullmatch(compact) else phones.e164(address, country)
    if found is None:
        raise Refused("This is not a phone number. Begin with + and the country's code.", "address")
    return found


def weightiest(reasons: Iterable[str]) -> str:
    """The one to show of several."""
    given = set(reasons)
    return next(reason for reason in Reason if reason in given)
