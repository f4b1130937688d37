"""The history of an account: everything that happened there, in one order, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from wiseops.extensions import db
from wiseops.models import Activity, Disposition, Event, Message, Reply, User

ACTIVITY, REPLY, MESSAGE, EVENT = range(4)
"""Where a line comes from. Of one instant the higher is shown above: what followed, above what it followed from."""

EVENTS = {
    "call": ("call_%",),
    "promise": ("promise_%",),
    "payment": ("payment_%",),
    "ledger": (
        "invoice_%", "credit_%", "fee_%", "interest_%", "charge_%", "refund_%", "adjustment_%", "write_off_%",
        "entry_%", "allocation_%", "snapshot_%",
    ),
    "stage": ("stage_%", "engagement_%", "follow_up_%", "engaged_%", "started_%", "step_%", "review_%"),
    "override": ("account_blocked", "account_unblocked", "account_held", "account_released", "%override%"),
    "task": ("task_%", "reply_%"),
    "account": (
        "account_created", "account_changed", "account_assigned", "contact_%", "suppression_%", "address_%",
        "document_%",
    ),
}  # fmt: skip
"""The events of each kind of line, as patterns of their names."""
KINDS = tuple(dict.fromkeys(("call", "sms", "email", "note", *EVENTS)))
NOTES = ("note", "meeting", "other")
_SENT_AT = func.coalesce(Message.sent_at, Message.settled_at, Message.sending_at, Message.queued_at)
_SHOWN_ELSEWHERE = or_(
    and_(Event.kind.like("message_%"), Event.by_id.is_(None)), Event.kind.in_(("message_queued", "reply_received"))
)  # its message or reply is a line of its own


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the history to show; `by` a user's id, or "0" for what happened by itself; `until` is exclusive."""

    kind: str = ""
    by: str = ""
    direction: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


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
    branches = [branch(account_id, wanted) for branch in _BRANCHES]
    parts = []
    for source, branch in enumerate(branches):
        if branch is None:
            continue
        at, key, query = branch
        if before is not None:
            query = query.where(_after(source, at, key, before))
        page = query.order_by(at.desc(), key.desc()).limit(limit).subquery()
        parts.append(select(literal(source).label("source"), page.c.at, page.c.id))
    if not parts:
        return []
    every = union_all(*parts).subquery()
    order = (every.c.at.desc(), every.c.source.desc(), every.c.id.desc())
    rows = db.session.execute(select(every.c.at, every.c.source, every.c.id).order_by(*order).limit(limit))
    return _fill([Cursor(at, source, key) for at, source, key in rows])


def line(account_id: int, source: int, key: int) -> Line | None:
    """One line of the account's history, if it has that."""
    found = [each for each in _LOADS[source]([key]) if each[0].account_id == account_id]
    if not found:
        return None
    row, *names = found[0]
    at = row.at if source in (ACTIVITY, EVENT) else row.received_at if source == REPLY else _left_at(row)
    return Line(Cursor(at, source, key), row, *names)


def _left_at(row: Message) -> datetime:
    return row.sent_at or row.settled_at or row.sending_at or row.queued_at


_Branch = tuple[Any, Any, Any]
"""When, which, and the query of both."""


def _activities(account_id: int, wanted: Wanted) -> _Branch | None:
    if wanted.kind not in ("", "call", "note"):
        return None
    query: Any = select(Activity.at.label("at"), Activity.id.label("id")).where(Activity.account_id == account_id)
    if wanted.kind:
        query = query.where(Activity.kind.in_(NOTES) if wanted.kind == "note" else Activity.kind == wanted.kind)
    if wanted.direction:
        query = query.where(Activity.direction == wanted.direction)
    query = _person(query, Activity.by_id, wanted)
    return Activity.at, Activity.id, _narrow(query, Activity.at, wanted, Activity.notes, Activity.number)


def _replies(account_id: int, wanted: Wanted) -> _Branch | None:
    if wanted.kind not in ("", "sms", "email") or wanted.direction == "out" or wanted.by:
        return None
    query: Any = select(Reply.received_at.label("at"), Reply.id.label("id")).where(Reply.account_id == account_id)
    if wanted.kind:
        query = query.where(Reply.channel == wanted.kind)
    found = (Reply.subject, Reply.body, Reply.from_address)
    return Reply.received_at, Reply.id, _narrow(query, Reply.received_at, wanted, *found)


def _messages(account_id: int, wanted: Wanted) -> _Branch | None:
    if wanted.kind not in ("", "sms", "email") or wanted.direction == "in":
        return None
    query: Any = select(_SENT_AT.label("at"), Message.id.label("id")).where(Message.account_id == account_id)
    if wanted.kind:
        query = query.where(Message.channel == wanted.kind)
    query = _person(query, Message.created_by_id, wanted)
    return _SENT_AT, Message.id, _narrow(query, _SENT_AT, wanted, Message.subject, Message.body, Message.to_address)


def _events(account_id: int, wanted: Wanted) -> _Branch | None:
    if wanted.direction or (wanted.kind and wanted.kind not in EVENTS):
        return None
    query: Any = select(Event.at.label("at"), Event.id.label("id")).where(
        Event.account_id == account_id, ~_SHOWN_ELSEWHERE
    )
    if wanted.kind:
        query = query.where(or_(*(Event.kind.like(pattern) for pattern in EVENTS[wanted.kind])))
    query = _person(query, Event.by_id, wanted)
    text = json.dumps(wanted.text)[1:-1]
    return Event.at, Event.id, _narrow(query, Event.at, wanted, cast(Event.facts, Text), text=text)


_BRANCHES: tuple[Callable[[int, Wanted], _Branch | None], ...] = (_activities, _replies, _messages, _events)


def _person(query: Any, column: Any, wanted: Wanted) -> Any:
    if not wanted.by:
        return query
    return query.where(column.is_(None) if wanted.by == "0" else column == int(wanted.by))


def _narrow(query: Any, at: Any, wanted: Wanted, *columns: Any, text: str | None = None) -> Any:
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    if wanted.text:
        query = query.where(or_(*_contains(columns, wanted.text if text is None else text)))
    return query


def _contains(columns: Sequence[Any], text: str) -> Iterator[ColumnElement[bool]]:
    """In any case. SQLite knows the case of ASCII only, so what is not is looked for as people write it."""
    spellings = {text} if text.isascii() else {text, text.lower(), text.upper(), text.capitalize()}
    for column in columns:
        for spelling in sorted(spellings):
            yield column.icontains(spelling, autoescape=True)


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
