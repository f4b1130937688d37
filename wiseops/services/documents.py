"""Documents: a stored file behind a link that is signed, ends by itself, and can be taken back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask import current_app

from wiseops.config import Config
from wiseops.domain import documents
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import DocumentLink
from wiseops.queries import documents as queries
from wiseops.services import events, files
from wiseops.services.transaction import transaction


def link(
    file_id: int,
    *,
    account_id: int,
    message_id: int | None = None,
    now: datetime,
    by_id: int | None,
    lasts: timedelta = documents.LASTS,
) -> str:
    """The path of a new link to the file; `address` makes it whole. Raises NotFound where there is no such file."""
    with transaction():
        files.find(file_id)
        row = DocumentLink(token=secrets.token_urlsafe(9), file_id=file_id, account_id=account_id)
        row.message_id, row.created_at, row.created_by_id = message_id, now, by_id
        row.expires_at = now + lasts
        db.session.add(row)
        return f"/files/{documents.sign(_config().secret_key, row.token)}"


def address(path: str) -> str:
    """The path as a debtor can open it."""
    return _config().public_url + path


def width() -> int:
    """Characters of a link's address; all are as long."""
    return len(address(f"/files/{documents.sign(_config().secret_key, secrets.token_urlsafe(9))}"))


def opened(given: str, *, now: datetime) -> int | None:
    """The file behind a link's address, None where it has ended. Raises NotFound for one that we never made."""
    row = queries.find(documents.read(_config().secret_key, given))
    is_over = row.revoked_at is not None or row.expires_at <= now
    return None if is_over else row.file_id


def revoke(link_id: int, *, now: datetime, by_id: int | None) -> int:
    """The link opens nothing any more; again changes nothing. Answers whose it is."""
    with transaction():
        row = db.session.get(DocumentLink, link_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound(f"document link {link_id}")
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by_id = now, by_id
            told = {"link": row.id, "name": files.find(row.file_id).name}
            events.record("document_revoked", account_id=row.account_id, at=now, by_id=by_id, **told)
        return row.account_id


def _config() -> Config:
    config: Config = current_app.extensions["wiseops"]
    return config
