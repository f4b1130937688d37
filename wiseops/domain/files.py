"""Stored files: what keeps them is a port, since a disk forgets and machines differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

PART = 1024 * 1024
"""Bytes of one stored part."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is known of a stored file without reading it."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str


class Files(Protocol):
    """Where files are kept; wiseops.services.files keeps them in the database."""

    def store(
        self,
        pieces: Iterable[bytes],
        *,
        name: str,
        content_type: str,
        now: datetime,
        keep_until: datetime | None = None,
    ) -> Stored:
        """Keeps the file that the pieces make, of any length each."""

    def find(self, file_id: int) -> Stored:
        """The file's facts. Raises NotFound."""

    def read(self, file_id: int) -> Iterator[bytes]:
        """The file's bytes, a part at a time."""

    def remove(self, file_id: int) -> None:
        """Forgets the file and its bytes."""


def parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in parts of PART bytes; the last may be shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    if waiting:
        yield bytes(waiting)
