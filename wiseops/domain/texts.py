"""Texts that people type."""

from __future__ import annotations

import unicodedata

from wiseops.domain.errors import Refused


def one_line(value: str, field: str, limit: int) -> str:
    """The text trimmed, every sort of space in it a plain one. Raises Refused on `field` for what is wrong with it."""
    value = "".join(" " if sign == "\t" or unicodedata.category(sign) == "Zs" else sign for sign in value).strip()
    if len(value) > limit or len(value.splitlines()) > 1:
        raise Refused(f"Use at most {limit} characters, in one line.", field)
    if not value.isprintable():
        raise Refused("It has a character that cannot be shown.", field)
    return value


def several_lines(value: str, field: str, limit: int) -> str:
    """The text trimmed, without control characters but line breaks and tabs. Raises Refused where it is too long."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(letter for letter in value if letter in "\n\t" or unicodedata.category(letter) != "Cc").strip()
    if len(value) > limit:
        raise Refused(f"Use at most {limit} characters; these are {len(value)}.", field)
    return value
