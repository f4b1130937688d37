"""What left on a day of a replay: a row per message, or call, and currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, func, or_, select

from wiseops.domain import money
from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Account, Engagement, Entry, Message, MessageItem, Task

Line = tuple[str, str, int, bool]
"""Number, currency, minor units and whether it is demanded."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message that left, or a call task that came; its lines oldest first."""

    at: datetime
    account_id: int
    engagement_id: int
    step: int
    channel: str
    lines: list[Line] = field(default_factory=list)


def sent(start: datetime, end: datetime) -> list[Leaving]:
    """The automatic messages that left from `start` until `end`."""
    found: dict[int, Leaving] = {}
    messages = (Message.id, Message.sent_at, Message.account_id, Message.engagement_id, Message.step, Message.channel)
    for id, *leaving, number, currency, amount, demanded in db.session.execute(
        select(*messages, Entry.number, MessageItem.currency, MessageItem.amount, MessageItem.demanded)
        .join(MessageItem, MessageItem.message_id == Message.id)
        .join(Entry, Entry.id == MessageItem.entry_id)
        .where(Message.sent_at >= start, Message.sent_at < end, Message.automated, Message.status.in_(LEFT))
        .order_by(Message.id, Entry.due_on, Entry.issued_on, Entry.number)
    ):
        found.setdefault(id, Leaving(*leaving)).lines.append((number, currency, amount, demanded))
    return list(found.values())


def cancelled(start: datetime, end: datetime) -> int:
    """How many messages were cancelled from `start` until `end`."""
    then = (Message.status == "cancelled", Message.settled_at >= start, Message.settled_at < end)
    return db.session.scalar(select(func.count()).select_from(Message).where(*then)) or 0


def rows(leavings: Sequence[Leaving]) -> list[dict[str, Any]]:
    """The rows of the answer, without any id that was generated."""
    if not leavings:
        return []
    account_ids = {leaving.account_id for leaving in leavings}
    named = select(Account.id, Account.number).where(Account.id.in_(account_ids))
    numbers = dict(db.session.execute(named).all())
    ordinals = _ordinals(account_ids)
    return [
        {
            "at": leaving.at.astimezone(UTC).isoformat(),
            "account": numbers[leaving.account_id],
            "engagement": ordinals[leaving.engagement_id],
            "step": leaving.step,
            "channel": leaving.channel,
            "items": [number for number, _, _, demanded in lines if demanded],
            "also": [number for number, _, _, demanded in lines if not demanded],
            "amount": money.plain(sum(amount for _, _, amount, demanded in lines if demanded), currency),
            "currency": currency,
        }
        for leaving in leavings
        for currency, lines in _by_currency(leaving.lines)
    ]


def _ordinals(account_ids: Iterable[int]) -> dict[int, int]:
    """Each engagement's place, from 1, among those of its account that have a message or a task."""
    traces = or_(
        exists().where(Message.engagement_id == Engagement.id, Message.status != "cancelled"),
        exists().where(Task.engagement_id == Engagement.id),
    )
    query = select(Engagement.id, Engagement.account_id).where(Engagement.account_id.in_(account_ids), traces)
    counts: dict[int, int] = defaultdict(int)
    ordinals: dict[int, int] = {}
    for id, account_id in db.session.execute(query.order_by(Engagement.id)):
        counts[account_id] += 1
        ordinals[id] = counts[account_id]
    return ordinals


def _by_currency(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line[1]].append(line)
    return sorted(found.items())
