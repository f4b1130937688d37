"""Forms sent twice act once: the second finds what the first made."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select

from wiseops.extensions import db
from wiseops.models import Submission

_KEPT = timedelta(days=30)


def made(token: str) -> int | None:
    """The id of the row that this form made before. Call it with the account locked: two at once take turns."""
    return db.session.scalar(select(Submission.made_id).where(Submission.token == token)) if token else None


def keep(token: str, made_id: int, *, now: datetime) -> None:
    """Remembers what a form made, for a month."""
    if token:
        db.session.execute(sa.delete(Submission).where(Submission.at < now - _KEPT))
        db.session.add(Submission(token=token, made_id=made_id, at=now))
