"""The parts of an e-mail, found by looking for their borders: in one way through each level, and only so deep.

The parser of the standard library takes a nested multipart a call deeper for every level, and every line through all of
them: a mail of 30 MB can cost minutes, or the stack.
"""

from __future__ import annotations

import io
import quopri
import re
from binascii import Error as BadBase64
from binascii import a2b_base64, a2b_uu
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from wiseops.formats.arrivals import charsets, headers
from wiseops.formats.arrivals.headers import Fields

MOST, DEEPEST, LONGEST_HEADER = 300, 12, 256 * 1024
LONGEST_TEXT = 2 * 1024 * 1024
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r|\A\r?\n")
_TO_LINE_END = re.compile(rb"(--)?[ \t]{0,100}(?:\r?\n|\Z)")
_SIGNS = re.compile(rb"[^A-Za-z0-9+/=]+")
_UNNAMED = "file"
_UU = re.compile(rb"^begin [0-7]{3} [^\r\n]*\r?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf: `kind` its type in small letters, `place` the containers around it from the outermost, with numbers."""

    raw: bytes
    start: int
    end: int
    fields: Fields
    kind: str
    place: tuple[tuple[str, int], ...] = ()

    @property
    def name(self) -> str:
        """The name of the file that it is, as the sender gives it; empty where it is none."""
        try:
            given = self.fields.typed().get_filename("")
        except (ValueError, TypeError, LookupError):  # The standard library reads parameters less carefully than names.
            given = _UNNAMED
        return headers.decoded(charsets.clean(str(given)))[:400]

    @property
    def is_attached(self) -> bool:
        """Whether it is meant to be kept as a file."""
        return self.fields.typed().get_content_disposition() == "attachment" or self.name != ""

    def content(self, most: int | None = None) -> bytes:
        """Its bytes, their encoding undone as far as that goes; of a long one the first `most` as they came."""
        given = self.raw[self.start : self.end if most is None else min(self.end, self.start + most)]
        encoding = self.fields.first("content-transfer-encoding").split(";")[0].strip().lower()
        if encoding == "base64":
            return _base64(given)
        if encoding == "quoted-printable":
            return quopri.decodestring(given)
        if encoding in ("x-uuencode", "uuencode", "x-uue"):
            return _uu(given)
        return given

    def text(self) -> str:
        """The beginning of its text, lines ended by a line feed."""
        text = charsets.decode(self.content(LONGEST_TEXT), self.fields.typed().get_content_charset(""))
        return text.replace("\r\n", "\n").replace("\r", "\n")


def split(raw: bytes) -> tuple[Fields, int, list[Part]]:
    """The fields, where the body begins, and its parts in order: at most MOST, from at most DEEPEST containers deep."""
    fields, body = header(raw)
    return fields, body, list(islice(_leaves(raw, body, len(raw), fields, ()), MOST))


def header(raw: bytes) -> tuple[Fields, int]:
    """The fields of the mail, and where its body begins."""
    return _header(raw, _past_envelope(raw), len(raw))


def _leaves(
    raw: bytes, start: int, end: int, fields: Fields, place: tuple[tuple[str, int], ...], default: str = "text/plain"
) -> Iterator[Part]:
    typed = fields.typed()
    kind = typed.get_content_type() if fields.has("content-type") else default
    border = _border(typed)
    is_open = False
    if kind.startswith("multipart/") and border and len(place) < DEEPEST:
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for number, (first, last) in enumerate(_between(raw, start, end, border)):
            is_open = True
            inner, body = _header(raw, first, last)
            yield from _leaves(raw, body, last, inner, (*place, (kind, number)), default)
    if not is_open:
        yield Part(raw, start, end, fields, kind, place)


def _border(typed: Message) -> bytes:
    try:
        return (typed.get_boundary("") or "").encode("utf-8", "replace")
    except (ValueError, TypeError, LookupError):
        return b""


def _between(raw: bytes, start: int, end: int, border: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends; the last ends with what holds it where its border was cut off."""
    begun = None
    for line_start, line_end, is_last in _borders(raw, start, end, b"--" + border):
        if begun is not None:
            yield begun, max(begun, line_start)
        begun = line_end
        if is_last:
            return
    if begun is not None:
        yield begun, end


def _borders(raw: bytes, start: int, end: int, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each line that is nothing but the mark, with the line end before it; whether it is the last."""
    at = start
    while (found := _line(raw, mark, at, end)) >= 0:
        at = found + len(mark)
        rest = _TO_LINE_END.match(raw, at, end)
        if rest is not None:
            before = found - (2 if raw[found - 2 : found] == b"\r\n" else 1)
            at = rest.end()
            yield max(start, before), at, rest[1] is not None


def _line(raw: bytes, mark: bytes, at: int, end: int) -> int:
    """Where the next line that begins with the mark begins; -1 where none does."""
    if (at == 0 or raw[at - 1 : at] == b"\n") and raw.startswith(mark, at, end):
        return at
    found = raw.find(b"\n" + mark, at, end)
    return found + 1 if found >= 0 else -1


def _header(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The fields of what begins there, and where its body begins."""
    until = min(end, start + LONGEST_HEADER)
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return Fields(()), raw.index(b"\n", start) + 1
    blank = _BLANK.search(raw, start, until)
    if blank is None:
        return headers.read(raw[start:until]), until
    return headers.read(raw[start : blank.start()]), blank.end()


def _past_envelope(raw: bytes) -> int:
    """Some programs put a line of their own first: From somebody, and when."""
    if raw[:5] != b"From ":
        return 0
    return raw.find(b"\n") + 1


def _base64(given: bytes) -> bytes:
    """Whatever is in the way is passed over; what was cut off in the middle of three bytes is left out."""
    try:
        return a2b_base64(given)
    except BadBase64:
        pass
    signs = _SIGNS.sub(b"", given)
    whole = signs.partition(b"=")[0]
    usable = whole[:-1] if len(whole) % 4 == 1 else whole
    return a2b_base64(usable + b"=" * (-len(usable) % 4))


def _uu(given: bytes) -> bytes:
    """Never larger than it came: an empty line would stand for 32 bytes."""
    begun = _UU.search(given)
    content = bytearray()
    for line in io.BytesIO(given[begun.end() if begun else 0 :]):
        piece = line.rstrip(b"\r\n")
        if piece.strip() in (b"end", b"`") or len(content) > len(given):
            break
        if piece.strip():
            with suppress(BadBase64):
                content += a2b_uu(piece)
    return bytes(content[: len(given)])
