"""Dispositions in the admin's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Activity, Disposition

_ORDER = (Disposition.position, Disposition.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """A disposition, and how many activities ended that way."""

    row: Disposition
    used: int


def get(disposition_id: int) -> Disposition:
    """One disposition, or NotFound."""
    found = db.session.get(Disposition, disposition_id)
    if found is None:
        raise NotFound(f"disposition {disposition_id}")
    return found


def active() -> Sequence[Disposition]:
    """How a contact can end."""
    return db.session.scalars(select(Disposition).where(Disposition.active).order_by(*_ORDER)).all()


def everything() -> list[Listed]:
    """All of them, those in use first."""
    used = select(func.count()).where(Activity.disposition_id == Disposition.id).scalar_subquery()
    rows = db.session.execute(select(Disposition, used).order_by(Disposition.active.desc(), *_ORDER))
    return [Listed(row, count) for row, count in rows]
