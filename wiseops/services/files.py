"""Files in the database: stored and read in parts of 1 MiB, never whole."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from wiseops.domain.errors import NotFound
from wiseops.domain.files import Stored, parts
from wiseops.domain.messages import Attachment
from wiseops.extensions import db
from wiseops.models import File, FilePart, MessageFile
from wiseops.services.transaction import transaction


def store(
    pieces: Iterable[bytes], *, name: str, content_type: str, now: datetime, keep_until: datetime | None = None
) -> Stored:
    """Keeps the file that the pieces make, of any length each."""
    digest, size = hashlib.sha256(), 0
    with transaction():
        file = File(name=name[:200], content_type=content_type[:200], size=0, sha256="", created_at=now)
        file.keep_until = keep_until
        db.session.add(file)
        db.session.flush()
        for number, content in enumerate(parts(pieces)):
            digest.update(content)
            size += len(content)
            db.session.execute(insert(FilePart), {"file_id": file.id, "part": number, "content": content})
        stored = Stored(file.id, file.name, file.content_type, size, digest.hexdigest())
        db.session.execute(update(File).where(File.id == file.id).values(size=size, sha256=stored.sha256))
    return stored


def find(file_id: int) -> Stored:
    """The file's facts. Raises NotFound."""
    file = db.session.get(File, file_id)
    if file is None:
        raise NotFound(f"file {file_id}")
    return Stored(file.id, file.name, file.content_type, file.size, file.sha256)


def read(file_id: int) -> Iterator[bytes]:
    """The file's bytes, a part at a time."""
    find(file_id)
    number = 0
    while (content := part(file_id, number)) is not None:
        yield content
        number += 1


def part(file_id: int, number: int) -> bytes | None:
    """One part of the file, from 0; None after the last."""
    return db.session.scalar(select(FilePart.content).where(FilePart.file_id == file_id, FilePart.part == number))


def attached(message_ids: Collection[int]) -> dict[int, tuple[Attachment, ...]]:
    """What goes with these messages, in order; a file that several share is read once."""
    wanted = select(MessageFile.message_id, MessageFile.file_id).where(MessageFile.message_id.in_(message_ids))
    read_once: dict[int, Attachment] = {}
    found: dict[int, list[Attachment]] = defaultdict(list)
    for message_id, file_id in db.session.execute(wanted.order_by(MessageFile.message_id, MessageFile.file_id)):
        if file_id not in read_once:
            file = find(file_id)
            read_once[file_id] = Attachment(file.name, file.content_type, b"".join(read(file_id)))
        found[message_id].append(read_once[file_id])
    return {message_id: tuple(files) for message_id, files in found.items()}


def remove(file_id: int) -> None:
    """Forgets the file and its bytes."""
    with transaction():
        db.session.execute(delete(FilePart).where(FilePart.file_id == file_id))
        db.session.execute(delete(File).where(File.id == file_id))
