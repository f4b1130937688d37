"""What became of messages, by channel, automation's and people's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from wiseops.extensions import db
from wiseops.models import Message
from wiseops.queries import company
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.selections import ALL, Selection

OUTCOMES = ("delivered", "sent", "undelivered", "failed", "unknown", "waiting", "cancelled")
_WAITING = frozenset({"queued", "claimed", "sending"})


@dataclass(frozen=True, slots=True)
class Channel:
    """The messages of a channel that a person sent, or automation did: how many of each outcome."""

    channel: str
    automated: bool
    outcomes: Mapping[str, int]


def read(period: Period, selection: Selection = ALL) -> list[Channel]:
    """By the day on which they left, or were queued where they did not. A long SMS is one."""
    at = func.coalesce(Message.left_at, Message.queued_at)
    key = (Message.channel, Message.automated, Message.status)
    query = (
        select(*key, func.count())
        .where(*period.instants(at, company.get().timezone), *selection.of(Message.account_id))
        .group_by(*key)
    )
    found: dict[tuple[str, bool], dict[str, int]] = {}
    for channel, automated, status, count in db.session.execute(query):
        outcomes = found.setdefault((channel, automated), dict.fromkeys(OUTCOMES, 0))
        outcomes["waiting" if status in _WAITING else status] += count
    return [Channel(*key, found[key]) for key in sorted(found, key=lambda key: (key[0], not key[1]))]
