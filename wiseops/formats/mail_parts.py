"""The parts of a mail, read so that nothing in it can break the reader: raw, bounded, decoded as far as it goes."""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator
from email.message import Message
from itertools import islice

MOST_PARTS = 200
MOST_HEADERS = 500
LONGEST = 50_000
"""Characters of a part's text, and of all texts together, that are worth reading."""

_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_CHARSET = re.compile(
    r"charset\s{0,9}=\s{0,9}\"?((?:us-ascii|utf-?8|utf-16|utf-32|iso-|windows-|cp|koi8|euc|shift|gb|big5|mac)[\w.:+-]{0,30})",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"<(?:br|/p|/div|/tr|/h\d)[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<(?:style|script)\b.{0,300}?</(?:style|script)>|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_NO_SIGN = re.compile(r"&#[0-9]{8,};?")
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def headers(part: Message) -> dict[str, str]:
    """Lower-case name → the first value, on one line."""
    found: dict[str, str] = {}
    for name, value in islice(part.raw_items(), MOST_HEADERS):
        found.setdefault(name.lower(), " ".join(_clean(str(value)[:LONGEST]).split()))
    return found


def kind(part: Message) -> str:
    """text/plain and the like, in small letters."""
    found = _TYPE.match(headers(part).get("content-type", ""))
    return found[1].lower() if found else "text/plain"


def walk(mail: Message) -> Iterator[Message]:
    """The mail and its parts in order; what is inside a returned mail is left out."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and not kind(part).startswith("message/"):
            waiting.extend(each for each in reversed(inner) if isinstance(each, Message))


def inside(part: Message) -> list[Message]:
    """What a message/… part holds: one mail, or blocks of headers."""
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def text(part: Message) -> str:
    """The text of a part that has no parts; HTML without its tags."""
    inner = part.get_payload()
    if not isinstance(inner, str):
        return ""
    of_part = headers(part)
    raw = _decoded(_bytes(inner[:LONGEST]), of_part.get("content-transfer-encoding", ""))
    charset = _CHARSET.search(of_part.get("content-type", ""))
    try:
        found = raw.decode(charset[1] if charset else "utf-8", "replace")
    except (LookupError, ValueError):
        found = raw.decode("utf-8", "replace")
    if kind(part) == "text/html":
        found = html.unescape(_NO_SIGN.sub("", _TAG.sub("", _LINE_END.sub("\n", found))))
    return _clean(found).replace("\r\n", "\n")


def _decoded(raw: bytes, encoding: str) -> bytes:
    if encoding.strip().lower() == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding.strip().lower() == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    return raw


def _bytes(given: str) -> bytes:
    """The bytes that the parser kept in a text."""
    return _LONE.sub("?", given).encode("utf-8", "surrogateescape")


def _clean(given: str) -> str:
    """Text that any database keeps."""
    return _bytes(given.replace("\x00", "")).decode("utf-8", "replace")
