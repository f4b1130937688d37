"""People: which role includes which, and which passwords are accepted."""

from __future__ import annotations

import re
from enum import StrEnum

from wiseops.domain.errors import Refused

SHORTEST, LONGEST = 10, 200
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s.\x00-\x1f]+(\.[^@\s.\x00-\x1f]+)*")


class Role(StrEnum):
    """What a person may do; each role includes the ones before it."""

    COLLECTOR = "collector"
    MANAGER = "manager"
    ADMIN = "admin"


_RANK = {role: rank for rank, role in enumerate(Role)}


def includes(held: str, needed: Role) -> bool:
    """A manager may do what a collector may; an unknown role may do nothing."""
    return held in _RANK and _RANK[Role(held)] >= _RANK[needed]


def accept_email(email: str) -> str:
    """The address in lower case, as it is kept."""
    email = email.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise Refused("This is no e-mail address.", "email")
    return email


def accept_password(password: str, *, email: str) -> str:
    """The password, if it is one worth having."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"Use {SHORTEST} to {LONGEST} characters.", "password")
    if len(set(password)) < 5:
        raise Refused("Use more than a few different characters.", "password")
    if password.lower() in (email.lower(), email.lower().split("@")[0]):
        raise Refused("Do not use the e-mail address as the password.", "password")
    return password
