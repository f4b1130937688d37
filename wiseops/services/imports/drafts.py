"""Uploaded files before they are read: their head, and the profile that may fit."""

from __future__ import annotations

from wiseops.formats import profiles, proposals, tables
from wiseops.formats.profiles import NATIVE, Profile
from wiseops.formats.tables import Table
from wiseops.models import Import
from wiseops.queries import company, imports
from wiseops.services import files

_NOUNS = ("entries", "accounts")


def suggest(head: bytes, noun: str) -> tuple[str, Profile]:
    """What the file holds, and the profile that knows its header, else a guess. Raises Unreadable.

    A file with our own header of accounts holds accounts, whatever `noun` was chosen.
    """
    table = tables.read(_whole_rows(head))
    for other in _NOUNS:
        if profiles.recognise(table.header, other, ()) is NATIVE[other]:
            return other, NATIVE[other]
    known = profiles.recognise(table.header, noun, imports.profiles(noun))
    return noun, known or proposals.propose(table, noun, currency=company.get().currency)


def head(run: Import, profile: Profile | None = None) -> Table:
    """The first rows of an uploaded file, read as `profile` says. Raises Unreadable."""
    content = _whole_rows(next(files.read(run.file_id or 0), b""))
    if profile is None:
        return tables.read(content)
    return tables.read(content, encoding=profile.encoding, delimiter=profile.delimiter)


def profile_of(run: Import) -> Profile:
    """The profile that the run was last given."""
    return Profile.from_json(run.profile, run.options["profile"])


def _whole_rows(head: bytes) -> bytes:
    """The head without a last row that may be cut; two-byte text is cut at a whole character."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2]
    end = head.rfind(b"\n") + 1
    return head[:end] if end else head
