"""Texts that people type."""

from __future__ import annotations

from wiseops.domain.errors import Refused


def one_line(value: str, field: str, limit: int) -> str:
    """The text trimmed. Raises Refused on `field` where it is too long or holds a control character."""
    value = value.strip()
    if len(value) > limit or not value.isprintable():
        raise Refused(f"Use at most {limit} characters, in one line.", field)
    return value
