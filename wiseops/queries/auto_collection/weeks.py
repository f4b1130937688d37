"""Messages and money over time, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, func, select

from wiseops.domain import zones
from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.queries import company
from wiseops.queries.auto_collection import collected
from wiseops.queries.auto_collection.periods import Period

MOST = 26


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday: automation's messages that left, and what it brought in, minor units per currency."""

    monday: date
    messages: int
    collected: Mapping[str, int]


def read(period: Period, today: date) -> list[Week]:
    """The weeks of the period, at most the last MOST of them; since ever means the last twelve."""
    until = min(period.until or today, today)
    last = until - timedelta(days=until.weekday())
    since = max(period.since or last - timedelta(weeks=11), last - timedelta(weeks=MOST - 1))
    first = since - timedelta(days=since.weekday())
    mondays = [first + timedelta(weeks=index) for index in range((last - first).days // 7 + 1)]
    if not mondays:
        return []
    money = _money(Period(max(since, first), until))
    counts = _messages(mondays, Period(since, until))
    return [Week(monday, counts[index], money.get(monday, {})) for index, monday in enumerate(mondays)]


def _money(period: Period) -> Mapping[date, dict[str, int]]:
    sums: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (day, currency), amount in collected.by_day(period).items():
        sums[day - timedelta(days=day.weekday())][currency] += amount
    return sums


def _messages(mondays: list[date], period: Period) -> list[int]:
    zone = company.get().timezone
    columns = []
    for monday in mondays:
        start, end = zones.midnight(monday, zone), zones.midnight(monday + timedelta(weeks=1), zone)
        columns.append(func.sum(case((and_(Message.left_at >= start, Message.left_at < end), 1), else_=0)))
    query = select(*columns).where(Message.automated, Message.status.in_(LEFT), *period.instants(Message.left_at, zone))
    return [int(total or 0) for total in db.session.execute(query).one()]
