"""Links to documents, found by their token or by the messages that they went out in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import DocumentLink, File


@dataclass(frozen=True, slots=True)
class Linked:
    """A link and the name of the file behind it."""

    row: DocumentLink
    name: str

    def opens(self, now: datetime) -> bool:
        """Whether it still opens its document."""
        return self.row.revoked_at is None and now < self.row.expires_at


def find(token: str) -> DocumentLink:
    """The link with this token. Raises NotFound."""
    row = db.session.scalar(select(DocumentLink).where(DocumentLink.token == token))
    if row is None:
        raise NotFound("document token")
    return row


def of_messages(message_ids: Collection[int]) -> dict[int, list[Linked]]:
    """The links that went out in each of these messages."""
    found: dict[int, list[Linked]] = defaultdict(list)
    query = select(DocumentLink, File.name).join(File, File.id == DocumentLink.file_id)
    chosen = query.where(DocumentLink.message_id.in_(message_ids)).order_by(DocumentLink.id)
    for row, name in db.session.execute(chosen) if message_ids else ():
        found[row.message_id or 0].append(Linked(row, name))
    return found
