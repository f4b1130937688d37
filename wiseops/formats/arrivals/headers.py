"""Header fields of an e-mail: names in any case, values decoded, and no more of either than a person could mean."""

from __future__ import annotations

import re
from binascii import Error as BadBase64
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from wiseops.domain.contacts import is_email
from wiseops.formats.arrivals import charsets

MOST, LONGEST = 400, 8_000
_LONGEST_PARAMETERS = 2_000
_ID = re.compile(r"<([^<>\s]{1,300})>")
_BARE_ID = re.compile(r"[^<>\s,;]{1,200}@[^<>\s,;]{1,200}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FOLDED = re.compile(r"(?<!\s)\s*[\r\n]+\s*")
_HAS_WORDS = re.compile(r"=\?[^?\s]+\?[bqBQ]\?")
_ANY_ADDRESS = re.compile(r"[\w.+'&=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one part in their order, names in small letters, values as they came."""

    every: Sequence[tuple[str, str]]

    def first(self, name: str) -> str:
        """The first of that name, as it came; empty where there is none."""
        return next((value for known, value in self.every if known == name), "")

    def text(self, name: str) -> str:
        """The first of that name in one line, encoded words decoded."""
        return decoded(self.first(name))

    def has(self, *names: str) -> bool:
        """Whether there is any of these."""
        return any(known in names for known, _value in self.every)

    def typed(self) -> Message:
        """What says how the part is to be read, for the parameters in it."""
        message = Message()
        for name in ("content-type", "content-disposition", "content-transfer-encoding"):
            message[name] = _FOLDED.sub(" ", self.first(name)[:_LONGEST_PARAMETERS])
        return message

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Names and addresses of the first field of that name; a value that is no list is searched for one."""
        value = _FOLDED.sub(" ", self.first(name)[:_LONGEST_PARAMETERS])
        found = [(decoded(who)[:200], address) for who, address in _listed(value) if is_email(address)]
        if not found and (any_found := _ANY_ADDRESS.search(value)):
            found = [("", any_found[0])] if is_email(any_found[0]) else []
        return [(who, address) for who, address in found if len(address) <= 254]

    def ids(self, name: str) -> list[str]:
        """The Message-IDs in the field, without their brackets; none of a field that no header of ours could repeat."""
        value = self.first(name)
        if _CONTROL.search(value):
            return []
        return _ID.findall(value) or _BARE_ID.findall(value)[:1]


def _listed(value: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([value])
    except (RecursionError, ValueError, IndexError):  # A group in a group in a group, a thousand deep.
        return []


def read(block: bytes) -> Fields:
    """The fields of a header; lines that are none belong to nothing and are left out."""
    every: list[tuple[str, str]] = []
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and every:
            name, value = every[-1]
            if len(value) < LONGEST:
                every[-1] = name, value + "\n" + _raw(line)
            continue
        name_of, colon, value_of = line.partition(b":")
        if colon and 0 < len(name_of) <= 100 and len(every) < MOST:
            every.append((_raw(name_of).strip().lower(), _raw(value_of).strip()))
    return Fields(every)


def decoded(value: str) -> str:
    """In one line, =?…?= decoded; what cannot be decoded stays as it is."""
    flat = _FOLDED.sub(" ", value).strip()
    if _HAS_WORDS.search(flat):
        try:
            pieces = decode_header(flat)
        except (HeaderParseError, BadBase64, ValueError, UnicodeError):
            return _visible(flat)
        flat = "".join(
            piece if isinstance(piece, str) else charsets.decode(piece, charset or "") for piece, charset in pieces
        )
    return _visible(flat)


def _visible(text: str) -> str:
    return " ".join(charsets.clean("".join(sign if sign.isprintable() else " " for sign in text)).split())


def _raw(line: bytes) -> str:
    return charsets.decode(line[:LONGEST], "")
