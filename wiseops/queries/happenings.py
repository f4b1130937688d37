"""What happened at an account, by the table that tells of it: each narrowed to what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, cast, or_, select

from wiseops.models import Activity, Disposition, Event, Message, MessageFile, Reply, ReplyFile
from wiseops.queries.words import Word, by, coded, in_facts, in_files, named, within

CHANNELS = ("sms", "email")
EVENTS = {
    **dict.fromkeys(CHANNELS, ("message_%",)),
    "call": ("call_%",),
    "promise": ("promise_%",),
    "dispute": ("dispute_%",),
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
_SHOWN_ELSEWHERE = or_(
    and_(Event.kind.like("message_%"), Event.by_id.is_(None)), Event.kind.in_(("message_queued", "reply_received"))
)  # its message or reply is a line of its own


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the history to show; `by` a user's id, or "0" for what happened by itself; `until` is exclusive.

    A line has every one of the `words`.
    """

    kind: str = ""
    by: str = ""
    direction: str = ""
    words: tuple[Word, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


Branch = tuple[Any, Any, Any]
"""When, which, and the query of both at the account that is executed with as `account_id`."""
_ACCOUNT: Any = bindparam("account_id")


def _activities(wanted: Wanted) -> Branch | None:
    if wanted.kind not in ("", "call", "note"):
        return None
    query: Any = select(Activity.at.label("at"), Activity.id.label("id")).where(Activity.account_id == _ACCOUNT)
    if wanted.kind:
        query = query.where(Activity.kind.in_(NOTES) if wanted.kind == "note" else Activity.kind == wanted.kind)
    if wanted.direction:
        query = query.where(Activity.direction == wanted.direction)
    query = _person(query, Activity.by_id, wanted)
    return Activity.at, Activity.id, _narrow(query, Activity.at, wanted, _in_activity)


def _in_activity(word: Word) -> Iterable[ColumnElement[bool]]:
    told = within(word, Activity.notes, Activity.contact_name, Activity.number)
    ended = named(Disposition, Activity.disposition_id, word)
    people = (by(column, word) for column in (Activity.by_id, Activity.assignee_id))
    done = cast(Activity.finished, Text)
    tasks = (and_(done != "[]", done.contains(f'"{code}"')) for code in word.of("task"))
    return (told, ended, *people, *coded(Activity.kind, word, "activity"), *tasks)


def _replies(wanted: Wanted) -> Branch | None:
    if wanted.kind not in ("", "sms", "email") or wanted.direction == "out" or wanted.by:
        return None
    query: Any = select(Reply.received_at.label("at"), Reply.id.label("id")).where(Reply.account_id == _ACCOUNT)
    if wanted.kind:
        query = query.where(Reply.channel == wanted.kind)
    return Reply.received_at, Reply.id, _narrow(query, Reply.received_at, wanted, _in_reply)


def _in_reply(word: Word) -> Iterable[ColumnElement[bool]]:
    told = within(word, Reply.subject, Reply.body, Reply.from_address, Reply.from_name)
    files = in_files(ReplyFile.reply_id == Reply.id, ReplyFile.file_id, word)
    return (told, files, *coded(Reply.channel, word, "channel"))


def _messages(wanted: Wanted) -> Branch | None:
    if wanted.kind not in ("", "sms", "email") or wanted.direction == "in":
        return None
    query: Any = select(Message.told_at.label("at"), Message.id.label("id")).where(Message.account_id == _ACCOUNT)
    if wanted.kind:
        query = query.where(Message.channel == wanted.kind)
    query = _person(query, Message.created_by_id, wanted)
    return Message.told_at, Message.id, _narrow(query, Message.told_at, wanted, _in_message)


def _in_message(word: Word) -> Iterable[ColumnElement[bool]]:
    told = within(word, Message.subject, Message.body, Message.to_address, Message.reason, cast(Message.cc, Text))
    sorts = {"channel": Message.channel, "status": Message.status, "reason": Message.reason}
    codes = (found for sort, column in sorts.items() for found in coded(column, word, sort))
    files = in_files(MessageFile.message_id == Message.id, MessageFile.file_id, word)
    return (told, files, *codes, by(Message.created_by_id, word))


def _events(wanted: Wanted) -> Branch | None:
    if wanted.direction or (wanted.kind and wanted.kind not in EVENTS):
        return None
    query: Any = select(Event.at.label("at"), Event.id.label("id")).where(
        Event.account_id == _ACCOUNT, ~_SHOWN_ELSEWHERE
    )
    if wanted.kind:
        query = query.where(or_(*(Event.kind.like(pattern) for pattern in EVENTS[wanted.kind])))
    if wanted.kind in CHANNELS:
        query = query.where(Event.facts["channel"].as_string() == wanted.kind)
    query = _person(query, Event.by_id, wanted)
    return Event.at, Event.id, _narrow(query, Event.at, wanted, _in_event)


def _in_event(word: Word) -> Iterable[ColumnElement[bool]]:
    return (*coded(Event.kind, word, "event"), by(Event.by_id, word), in_facts(Event.facts, word))


BRANCHES: tuple[Callable[[Wanted], Branch | None], ...] = (_activities, _replies, _messages, _events)


def _person(query: Any, column: Any, wanted: Wanted) -> Any:
    if not wanted.by:
        return query
    return query.where(column.is_(None) if wanted.by == "0" else column == int(wanted.by))


def _narrow(query: Any, at: Any, wanted: Wanted, found: Callable[[Word], Iterable[ColumnElement[bool]]]) -> Any:
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at < wanted.until)
    for word in wanted.words:
        query = query.where(or_(*found(word)))
    return query
