"""The history of an account: everything that happened there, in one order, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from wiseops.extensions import db
from wiseops.models import Activity, Disposition, Event, Message, Reply, User
from wiseops.queries.happenings import BRANCHES, Wanted

ACTIVITY, REPLY, MESSAGE, EVENT = range(4)
"""Where a line comes from. Of one instant the higher is shown above: what followed, above what it followed from."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a line in the order."""

    at: datetime
    source: int
    id: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the row it comes from, who did it, and for an activity how it ended and whose its follow-up is."""

    place: Cursor
    row: Any
    by: str | None
    disposition: str | None = None
    assignee: str | None = None


def history(account_id: int, wanted: Wanted, *, before: Cursor | None = None, limit: int = 50) -> list[Line]:
    """A page of the account's history, newest first, in five queries however long it is."""
    is_usual = before is None and not wanted.words
    query = _usual(wanted, limit) if is_usual else _places(wanted, before, limit)
    rows: Any = [] if query is None else db.session.execute(query, {"account_id": account_id})
    return _fill([Cursor(at, source, key) for at, source, key in rows])


@lru_cache(maxsize=64)
def _usual(wanted: Wanted, limit: int) -> Any:
    """Worked out once: every account is opened with it."""
    return _places(wanted, None, limit)


def _places(wanted: Wanted, before: Cursor | None, limit: int) -> Any:
    parts = []
    for source, branch in enumerate(each(wanted) for each in BRANCHES):
        if branch is None:
            continue
        at, key, query = branch
        if before is not None:
            query = query.where(_after(source, at, key, before))
        page = query.order_by(at.desc(), key.desc()).limit(limit).subquery()
        parts.append(select(literal(source).label("source"), page.c.at, page.c.id))
    if not parts:
        return None
    every = union_all(*parts).subquery()
    order = (every.c.at.desc(), every.c.source.desc(), every.c.id.desc())
    return select(every.c.at, every.c.source, every.c.id).order_by(*order).limit(limit)


def line(account_id: int, source: int, key: int) -> Line | None:
    """One line of the account's history, if it has that."""
    found = [each for each in _LOADS[source]([key]) if each[0].account_id == account_id]
    if not found:
        return None
    row, *names = found[0]
    at = row.at if source in (ACTIVITY, EVENT) else row.received_at if source == REPLY else row.told_at
    return Line(Cursor(at, source, key), row, *names)


def _after(source: int, at: Any, key: Any, place: Cursor) -> ColumnElement[bool]:
    """Behind the place in the order: older, or as old and lower."""
    if source < place.source:
        return at <= place.at  # type: ignore[no-any-return]
    if source > place.source:
        return at < place.at  # type: ignore[no-any-return]
    return or_(at < place.at, and_(at == place.at, key < place.id))


def _fill(places: Sequence[Cursor]) -> list[Line]:
    """The rows of these places, in their order."""
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    for source, load in enumerate(_LOADS):
        keys = [place.id for place in places if place.source == source]
        if keys:
            found |= {(source, row[0].id): row for row in load(keys)}
    return [Line(place, *found[place.source, place.id]) for place in places if (place.source, place.id) in found]


def _load(query: Any, key: Any, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    return iter(db.session.execute(query.where(key.in_(keys))))


_ASSIGNEE = aliased(User)
_LOADS: tuple[Callable[[Sequence[int]], Iterator[tuple[Any, ...]]], ...] = (
    partial(
        _load,
        select(Activity, User.name, Disposition.name, _ASSIGNEE.name)
        .outerjoin(User, User.id == Activity.by_id)
        .outerjoin(Disposition, Disposition.id == Activity.disposition_id)
        .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Activity.assignee_id),
        Activity.id,
    ),
    partial(_load, select(Reply, literal(None)), Reply.id),
    partial(_load, select(Message, User.name).outerjoin(User, User.id == Message.created_by_id), Message.id),
    partial(_load, select(Event, User.name).outerjoin(User, User.id == Event.by_id), Event.id),
)
