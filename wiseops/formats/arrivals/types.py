"""What the bytes of an attached file are, whatever its sender calls them."""

from __future__ import annotations

import codecs

from wiseops.formats import images

_OTHER = "application/octet-stream"
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1")
_TEXTS = {"csv": "text/csv", "txt": "text/plain", "log": "text/plain"}
_LOOKED_AT = 64 * 1024


def of(content: bytes, name: str, claimed: str) -> str:
    """The type; of plain text only where the name says so, since a page and a script are text as well."""
    if found := images.content_type(content):
        return found
    if content[:2] == b"PK":
        return next((kind for mark, kind in _OFFICE.items() if mark in content[:_LOOKED_AT]), "application/zip")
    if content[4:12] in _HEIC:
        return "image/heic"
    if found := next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None):
        return found
    if claimed in ("message/rfc822", "text/calendar") and _is_text(content):
        return claimed
    kind = _TEXTS.get(name.rpartition(".")[2].lower())
    return kind if kind and _is_text(content) else _OTHER


def _is_text(content: bytes) -> bool:
    head = content[:_LOOKED_AT]
    if any(byte < 32 and byte not in b"\t\r\n\f\x1b" for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return all(byte >= 160 or byte < 128 for byte in head)
    return True
