"""Files that a form brings, as they came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import FileStorage

from wiseops.domain import attachments
from wiseops.domain.attachments import Upload
from wiseops.domain.files import PART


def uploads(field: Any) -> list[Upload]:
    """What was chosen in a field of files; a field left empty brings one without a name."""
    return [_upload(file) for file in field.data or () if isinstance(file, FileStorage) and file.filename]


def _upload(file: FileStorage) -> Upload:
    def pieces() -> Iterator[bytes]:
        return iter(lambda: file.stream.read(PART), b"")

    digest, size = hashlib.sha256(), 0
    file.stream.seek(0)
    head = file.stream.read(16)
    file.stream.seek(0)
    for piece in pieces():
        digest.update(piece)
        size += len(piece)
    file.stream.seek(0)
    return Upload(attachments.named(file.filename or ""), size, head, pieces(), digest.hexdigest())
