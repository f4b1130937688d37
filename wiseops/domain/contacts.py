"""What describes a person or address at an account."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from wiseops.domain.errors import Refused
from wiseops.domain.texts import one_line

ROLES = ("billing", "dunning", "legal")
_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]\\]+@[^@\s<>(),;:\"\[\]\\]+\.[^@\s<>(),;:\"\[\]\\.]{2,}")


@dataclass(frozen=True, slots=True)
class Details:
    """A contact's own fields; `phone` as it was given."""

    name: str = ""
    email: str = ""
    phone: str = ""
    roles: tuple[str, ...] = ("billing", "dunning")
    default_email: bool = False
    default_sms: bool = False
    cc: bool = False


def is_email(text: str) -> bool:
    """Whether this can be an e-mail address."""
    return bool(_EMAIL.fullmatch(text))


def takes_reminders(roles: Collection[str]) -> bool:
    """Whether a contact with these roles is written to about what is overdue."""
    return "dunning" in roles or "billing" in roles


def check(details: Details) -> Details:
    """The details trimmed. Raises Refused, with the field, for an e-mail address that cannot be one."""
    checked = replace(
        details,
        name=one_line(details.name, "name", 200),
        email=one_line(details.email, "email", 254),
        phone=one_line(details.phone, "phone", 40),
        roles=tuple(role for role in ROLES if role in details.roles),
    )
    if checked.email and not is_email(checked.email):
        raise Refused(f"“{checked.email[:60]}” is not an e-mail address.", "email")
    if not (checked.name or checked.email or checked.phone):
        raise Refused("Give a name, an e-mail address or a phone number.", "name")
    return checked
