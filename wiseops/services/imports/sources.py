"""A file and the profile that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wiseops.formats import profiles, tables
from wiseops.formats.profiles import Profile
from wiseops.formats.tables import Table
from wiseops.queries import imports
from wiseops.services.imports.answers import Progress

_OFTEN = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """A readable file, and what its columns mean."""

    table: Table
    profile: Profile
    lines: int

    def rows(self, progress: Progress) -> Iterator[tuple[int, list[str]]]:
        """The file's rows, numbered; tells how far it is."""
        for count, found in enumerate(self.table.rows()):
            if count % _OFTEN == 0:
                progress("read", count, self.lines)
            yield found


def open_source(content: bytes, noun: str, profile: Profile | None) -> Source:
    """Reads the header with the profile given, or with the one that knows it. Raises Unreadable."""
    if profile is None:
        header = tables.read(content).header
        profile = profiles.recognise(header, noun, imports.profiles(noun))
        if profile is None:
            raise profiles.unknown_header(header, noun)
    profiles.check(profile, noun)
    table = tables.read(content, encoding=profile.encoding, delimiter=profile.delimiter)
    return Source(table, profile, content.count(b"\n") - content.endswith(b"\n"))
