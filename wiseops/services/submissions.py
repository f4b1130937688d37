"""Forms sent twice act once: the second finds what the first made, or hears that it says something else."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select

from wiseops.domain.errors import Resent
from wiseops.domain.submissions import digest
from wiseops.extensions import db
from wiseops.models import Submission

_KEPT, _LONGEST = timedelta(days=30), 200


def made(token: str, content: object = None) -> int | None:
    """The id of the row that this form made before. Call it with the account locked: two at once take turns.

    Raises Resent where its `content` is another now: the answer was lost, and somebody corrected it.
    """
    of_form = select(Submission.made_id, Submission.digest, Submission.said).where(Submission.token == token)
    first = db.session.execute(of_form).one_or_none() if token else None
    if first is None:
        return None
    if first.digest not in ("", digest(content)):
        raise Resent(f"This form was saved before, with {first.said}. To have this as well, press again.")
    made_id: int = first.made_id
    return made_id


def keep(token: str, made_id: int, content: object = None, said: str = "", *, now: datetime) -> None:
    """Remembers what a form made, for a month; `said` is its content in a few words."""
    if token:
        db.session.execute(sa.delete(Submission).where(Submission.at < now - _KEPT))
        known = digest(content) if content is not None else ""
        db.session.add(Submission(token=token, made_id=made_id, digest=known, said=said[:_LONGEST], at=now))
