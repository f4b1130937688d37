"""Files that a form brings, as they came."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

from wiseops.domain import attachments
from wiseops.domain.attachments import Upload
from wiseops.domain.files import PART


def uploads(field: Any) -> list[Upload]:
    """What was chosen in a field of files; a field left empty brings one without a name."""
    return [_upload(file) for file in field.data or () if isinstance(file, FileStorage) and file.filename]


def _upload(file: FileStorage) -> Upload:
    head = file.stream.read(16)
    file.stream.seek(0, 2)
    size = file.stream.tell()
    file.stream.seek(0)
    return Upload(attachments.named(file.filename or ""), size, head, iter(lambda: file.stream.read(PART), b""))
