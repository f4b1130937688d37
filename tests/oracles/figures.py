"""The reports' figures, worked out row by row in plain Python from whole tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from wiseops.extensions import db
from wiseops.models import Activity, Allocation, Company, Engagement, Entry, Message, MessageItem, Promise, Task, User
from wiseops.queries import ledger
from wiseops.queries.auto_collection import collected as collected_of
from wiseops.queries.auto_collection.periods import EVER
from wiseops.queries.reports import ageing, days_to_pay, messages, promises, work

NAMES = {0: "not_due", 30: "1-30", 60: "31-60", 90: "61-90", 10**9: "over_90"}
LEFT = {"sent", "delivered", "undelivered", "unknown"}
Ages = dict[tuple[str, str], tuple[int, int]]


def check(days: Iterable[date]) -> None:
    """Every report of the running book equals what the rows say; ageing of each of these days the ledger's answer."""
    for day in days:
        by_hand = aged_by_hand(day)
        assert aged(day) == by_hand
        assert opened(day) == {
            currency: tuple(
                map(sum, zip(*(sums for (code, _age), sums in by_hand.items() if code == currency), strict=True))
            )
            for currency in {code for code, _age in by_hand}
        }
    assert collected_of.by_step(EVER) == collected_by_hand()
    assert promised() == promised_by_hand()
    assert sent() == sent_by_hand()
    assert worked() == worked_by_hand()
    assert [(m.first, m.count, m.in_time, m.mean, m.median) for m in days_to_pay.read(EVER)] == paid_by_hand()


def every(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(model.id).execution_options(populate_existing=True)))


def aged_by_hand(day: date) -> Ages:
    """(count, minor units) of what was open, entry by entry and allocation by allocation."""
    taken: dict[int, int] = defaultdict(int)
    for each in every(Allocation):
        taken[each.debit_id] += each.amount if each.effective_on <= day else 0
    found: Ages = {}
    for entry in every(Entry):
        still = entry.amount - taken[entry.id]
        if entry.amount > 0 and still > 0 and entry.issued_on <= day:
            late = (day - entry.due_on).days
            place = entry.currency, next(name for limit, name in NAMES.items() if late <= limit)
            count, amount = found.get(place, (0, 0))
            found[place] = count + 1, amount + still
    return found


def aged(day: date, *selection: Any) -> Ages:
    return {
        (row.currency, bucket): (row.counts[bucket], amount)
        for row in ageing.read(day, *selection)
        for bucket, amount in row.amounts.items()
        if amount
    }


def opened(day: date) -> dict[str, tuple[int, ...]]:
    """What `flask ledger open` says."""
    return {row.currency: (row.count, row.amount) for row in ledger.open_debits(day)}


def collected_by_hand() -> dict[tuple[date, int, str], int]:
    ours = every(Company)[0]
    entries, runs = {each.id: each for each in every(Entry)}, {each.id: each for each in every(Engagement)}
    left = [row for row in every(Message) if row.automated and row.status in LEFT and row.engagement_id]
    left.sort(key=lambda row: row.sent_at or row.sending_at)
    listing: dict[int, list[Message]] = defaultdict(list)
    items = {
        (row.message_id, row.entry_id)
        for row in db.session.execute(select(MessageItem.message_id, MessageItem.entry_id))
    }
    for row in left:
        for message_id, entry_id in items:
            if message_id == row.id:
                listing[entry_id].append(row)
    sums: Counter[tuple[date, int, str]] = Counter()
    for part in every(Allocation):
        payment = entries[part.credit_id]
        at_work = [
            row for row in listing[part.debit_id]
            if runs[row.engagement_id].first_message_on <= payment.issued_on
            <= runs[row.engagement_id].last_message_on + timedelta(days=ours.collected_days)
        ]  # fmt: skip
        if payment.kind != "payment" or not at_work:
            continue
        zone = ZoneInfo(ours.timezone)
        before = [r for r in at_work if (r.sent_at or r.sending_at).astimezone(zone).date() <= payment.issued_on]
        step = (before[-1] if before else at_work[0]).step
        sums[payment.issued_on, step, payment.currency] += part.amount
    return {place: amount for place, amount in sums.items() if amount}


def promised_by_hand() -> dict[tuple[str, str], tuple[int, int, int]]:
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for row in every(Promise):
        count, amount, received = found.get((row.currency, row.status), (0, 0, 0))
        found[row.currency, row.status] = count + 1, amount + row.amount, received + row.received
    return found


def promised() -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (row.currency, status): (one.count, one.amount, one.received)
        for row in promises.read(EVER)
        for status, one in row.outcomes.items()
    }


def sent_by_hand() -> dict[tuple[str, bool, str], int]:
    waiting = dict.fromkeys(("queued", "claimed", "sending"), "waiting")
    return Counter((row.channel, row.automated, waiting.get(row.status, row.status)) for row in every(Message))


def sent() -> dict[tuple[str, bool, str], int]:
    rows = messages.read(EVER)
    return {(row.channel, row.automated, outcome): n for row in rows for outcome, n in row.outcomes.items() if n}


def worked_by_hand() -> dict[str, tuple[int, int, int, int]]:
    names = {user.id: user.name for user in every(User)}
    noted = Counter(row.by_id for row in every(Activity) if row.by_id)
    taken = Counter(row.made_by_id for row in every(Promise) if row.made_by_id)
    done = Counter(row.done_by_id for row in every(Task) if row.done_by_id and row.done_at)
    wrote = Counter(r.created_by_id for r in every(Message) if r.created_by_id and not r.automated and r.status in LEFT)
    people = {*noted, *taken, *done, *wrote}
    return {names[person]: (noted[person], taken[person], done[person], wrote[person]) for person in people}


def worked() -> dict[str, tuple[int, int, int, int]]:
    return {row.name: (sum(row.kinds.values()), row.promises, row.tasks, row.messages) for row in work.read(EVER)}


def paid_by_hand() -> list[tuple[Any, ...]]:
    entries, allocations = {each.id: each for each in every(Entry)}, every(Allocation)
    undone = {each.undoes_id for each in allocations if each.undoes_id}
    parts: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for each in allocations:
        if each.undoes_id is None and each.id not in undone:
            parts[each.debit_id].append((each.effective_on, entries[each.credit_id].kind))
    months: dict[date, list[int]] = defaultdict(list)
    for entry in entries.values():
        last = max((day for day, _kind in parts[entry.id]), default=None)
        if entry.kind == "invoice" and entry.open == 0 and (last, "payment") in parts[entry.id]:
            months[last.replace(day=1)].append((last - entry.due_on).days)
    return [
        (first, len(late), sum(days <= 0 for days in late), pytest.approx(mean(late)), median(late))
        for first, late in sorted(months.items())
    ]
