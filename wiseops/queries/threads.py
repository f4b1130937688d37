"""Threads: what was written with one number at an account, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, select

from wiseops.extensions import db
from wiseops.models import Contact, Message, Reply, User

AT = func.coalesce(Message.left_at, Message.queued_at)
"""Where a message of ours stands among the others: when it left, or was meant to."""

_ACCOUNT: Any = bindparam("account_id")
_NUMBERS = (
    select(Message.to_address, func.max(AT))
    .where(Message.account_id == _ACCOUNT, Message.channel == "sms", Message.to_address != "")
    .group_by(Message.to_address)
)
_IS_UNREAD = case((Reply.read_at.is_(None), 1))
_IS_OPEN = case((Reply.handled_at.is_(None) & Reply.automatic.is_(False), 1))
_SENDERS = (
    select(Reply.from_address, func.max(Reply.received_at), func.count(_IS_UNREAD), func.count(_IS_OPEN))
    .where(Reply.account_id == _ACCOUNT, Reply.channel != "email")
    .group_by(Reply.from_address)
)


@dataclass(slots=True)
class Thread:
    """A number of the account and the name that goes with it. `waiting` replies nobody has dealt with."""

    number: str
    name: str = ""
    contact_id: int | None = None
    last_at: datetime | None = None
    unread: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A message or a reply; `by` who sent it, or who dealt with it."""

    at: datetime
    row: Message | Reply
    by: str | None

    @property
    def incoming(self) -> bool:
        return isinstance(self.row, Reply)


def of_account(account_id: int, people: Sequence[Contact]) -> list[Thread]:
    """A thread for each number of the account or that was written with; the latest first, then as its contacts are."""
    found = {person.phone: Thread(person.phone, person.name, person.id) for person in reversed(people) if person.phone}
    found = dict(reversed(found.items()))
    here = {"account_id": account_id}
    for number, at in db.session.execute(_NUMBERS, here):
        found.setdefault(number, Thread(number)).last_at = at
    for number, at, unread, waiting in db.session.execute(_SENDERS, here):
        thread = found.setdefault(number, Thread(number))
        thread.last_at = max(at, thread.last_at or at)
        thread.unread, thread.waiting = unread, waiting
    return sorted(found.values(), key=lambda thread: -(thread.last_at.timestamp() if thread.last_at else 0))


def lines(account_id: int | None, address: str, *, limit: int, channel: str = "sms") -> list[Line]:
    """The last lines with this number, or e-mail address, at the account, or at none, oldest first."""
    these = {"account_id": account_id, "address": address, "limit": limit}
    rows: list[Any] = [
        row for query in _lines(channel, is_placed=account_id is not None) for row in db.session.execute(query, these)
    ]
    every = [Line(at, row, by) for at, row, by in rows]
    return sorted(every, key=lambda line: (line.at, line.incoming, line.row.id))[-limit:]


@cache
def _lines(channel: str, *, is_placed: bool) -> tuple[Any, Any]:
    """Ours and theirs, of an account or of none. The ids first: sorting a long thread must not carry its texts."""
    address: Any = bindparam("address")
    limit: Any = bindparam("limit", type_=Integer)
    is_mail = Reply.channel == "email"
    ours = (_at(Message, is_placed=is_placed), Message.channel == channel, Message.to_address == address)
    theirs = (
        _at(Reply, is_placed=is_placed),
        is_mail if channel == "email" else ~is_mail,
        Reply.from_address == address,
    )
    sent = select(Message.id).where(*ours).order_by(AT.desc(), Message.id.desc()).limit(limit)
    came = select(Reply.id).where(*theirs).order_by(Reply.received_at.desc(), Reply.id.desc()).limit(limit)
    messages = select(AT, Message, User.name).outerjoin(User, User.id == Message.created_by_id)
    replies = select(Reply.received_at, Reply, User.name).outerjoin(User, User.id == Reply.handled_by_id)
    return messages.where(Message.id.in_(sent)), replies.where(Reply.id.in_(came))


def _at(table: Any, *, is_placed: bool) -> Any:
    return table.account_id == _ACCOUNT if is_placed else table.account_id.is_(None)
