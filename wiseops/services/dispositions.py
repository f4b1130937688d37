"""Dispositions: added, renamed, put in order, retired; one that was used is kept for the activities that name it."""

from __future__ import annotations

from sqlalchemy import func, select

from wiseops.domain.dispositions import check
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Activity, Disposition
from wiseops.services.transaction import transaction


def add(name: str, *, follow_up_days: int | None) -> int:
    """A new one, at the end of the list. Its id."""
    name = check(name, follow_up_days)
    with transaction():
        _refuse_taken(name)
        last = db.session.scalar(select(func.max(Disposition.position))) or 0
        row = Disposition(name=name, follow_up_days=follow_up_days, position=last + 1, active=True)
        db.session.add(row)
        db.session.flush()
        return row.id


def update(disposition_id: int, name: str, *, follow_up_days: int | None) -> None:
    """Renames it, in the history too, and says when to come back by default."""
    name = check(name, follow_up_days)
    with transaction():
        row = _get(disposition_id)
        if row.name.lower() != name.lower():
            _refuse_taken(name)
        row.name, row.follow_up_days = name, follow_up_days


def move(disposition_id: int, *, by: int) -> None:
    """Up (-1) or down (+1) among those in use."""
    with transaction():
        rows = list(db.session.scalars(select(Disposition).order_by(Disposition.position, Disposition.id)))
        shown = [row for row in rows if row.active]
        row = _get(disposition_id)
        place = shown.index(row) + by if row in shown else -1
        if 0 <= place < len(shown):
            at, other = rows.index(row), rows.index(shown[place])
            rows[at], rows[other] = rows[other], rows[at]
        for position, each in enumerate(rows, start=1):
            each.position = position


def retire(disposition_id: int) -> None:
    """Takes it out of the choices; one that was never used goes for good."""
    with transaction():
        row = _get(disposition_id)
        is_used = select(Activity.id).where(Activity.disposition_id == disposition_id).limit(1)
        if db.session.scalar(is_used) is None:
            db.session.delete(row)
        else:
            row.active = False


def restore(disposition_id: int) -> None:
    """Offers it again."""
    with transaction():
        _get(disposition_id).active = True


def _get(disposition_id: int) -> Disposition:
    row = db.session.get(Disposition, disposition_id, with_for_update=True)
    if row is None:
        raise NotFound(f"disposition {disposition_id}")
    return row


def _refuse_taken(name: str) -> None:
    taken = select(Disposition.id).where(func.lower(Disposition.name) == name.lower())
    if db.session.scalar(taken) is not None:
        raise Refused("There is one of that name already.", "name")
