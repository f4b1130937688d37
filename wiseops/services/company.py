"""The company's own settings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from wiseops.domain import company
from wiseops.domain.company import Details
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.formats import images, pdfs
from wiseops.models import Company
from wiseops.services import automation, events, files
from wiseops.services.transaction import transaction

LARGEST_LOGO = 512 * 1024


def update(details: Details, *, now: datetime, by_id: int | None) -> None:
    """Sets everything but the logo. Zone, terms and days are rules: every account is due again."""
    wanted = {name: _plain(value) for name, value in asdict(company.check(details)).items()}
    with transaction():
        row = _locked()
        changed = [name for name, value in wanted.items() if getattr(row, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(row, name, wanted[name])
        events.record("company_changed", account_id=None, at=now, by_id=by_id, fields=changed)
        automation.rules_changed()


def set_logo(content: bytes, *, name: str, now: datetime, by_id: int | None) -> None:
    """Replaces the logo on statements: a PNG, JPEG or WebP by its content, of at most 512 KiB."""
    content_type = images.content_type(content)
    if content_type is None:
        raise Refused("This is no PNG, JPEG or WebP picture.", "logo")
    if len(content) > LARGEST_LOGO:
        raise Refused("The picture is larger than 512 KiB.", "logo")
    if not pdfs.can_show(content):
        raise Refused("This picture is damaged. Save it again as PNG.", "logo")
    with transaction():
        stored = files.store([content], name=name, content_type=content_type, now=now)
        _put_logo(stored.id, now=now, by_id=by_id)


def remove_logo(*, now: datetime, by_id: int | None) -> None:
    """Statements go without one."""
    with transaction():
        _put_logo(None, now=now, by_id=by_id)


def _put_logo(file_id: int | None, *, now: datetime, by_id: int | None) -> None:
    row = _locked()
    old, row.logo_id = row.logo_id, file_id
    db.session.flush()
    if old is not None:
        files.remove(old)
    events.record("company_changed", account_id=None, at=now, by_id=by_id, fields=["logo"])


def _locked() -> Company:
    return db.session.get_one(Company, 1, with_for_update=True)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
