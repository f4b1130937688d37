"""Links to documents: signed so that none can be guessed, and what of a file its reader's browser is told."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from urllib.parse import quote

from itsdangerous import BadSignature, Signer

from wiseops.domain.errors import NotFound

LASTS = timedelta(days=30)
"""How long a link opens its document unless told otherwise."""

HARMLESS = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)
"""Content types that are named as they are; any other is only bytes."""

_SALT = "document"
_RESERVED = frozenset('<>:"/\\|?*')


def sign(secret: str, token: str) -> str:
    """What stands in the link's address."""
    return Signer(secret, salt=_SALT).sign(token).decode()


def read(secret: str, given: str) -> str:
    """The token of an address. Raises NotFound for anything that we did not sign."""
    try:
        return Signer(secret, salt=_SALT).unsign(given.encode("utf-8", "replace")).decode()
    except (BadSignature, ValueError) as error:
        raise NotFound("document token") from error


def content_type(stored: str) -> str:
    """The type to serve a file as."""
    return stored if stored in HARMLESS else "application/octet-stream"


def file_names(stored: str) -> dict[str, str]:
    """The name to save a file under, and its ASCII form for old programs, as the parameters of an answer's header.

    Without folders, control characters, and marks that turn text around.
    """
    kept = "".join(sign for sign in stored if unicodedata.category(sign)[0] != "C" and sign not in _RESERVED)
    name = kept.strip(" .")[-120:] or "document"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
