"""Decides about accounts, stores what was decided, and is the switch that pauses it all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, or_, select, update

from wiseops.domain.automation.decide import decide as decide_one
from wiseops.domain.automation.rules import Rules
from wiseops.extensions import db
from wiseops.models import EPOCH, Account, Automation
from wiseops.queries import automation as queries
from wiseops.queries import snapshots
from wiseops.queries.among import among, rows_of
from wiseops.services import decisions, garbage
from wiseops.services.transaction import transaction

LOCK_SECONDS = 0.1
"""A chunk is sized so that its transaction holds the write lock about this long: a person waits no longer for it."""
_CHUNK, _SMALLEST, _LARGEST = 500, 50, 2000
_WINDOW = 50_000
_ACCOUNTS = cast(Table, Account.__table__)
_TOUCHED = update(_ACCOUNTS).where(among(_ACCOUNTS.c.id)).values(rev=_ACCOUNTS.c.rev + 1, wake_at=EPOCH)


@dataclass(slots=True)
class Pass:
    """What a pass did; `is_finished` False where its time was up before its work."""

    evaluated: int = 0
    queued: int = 0
    is_finished: bool = True


def touch(account_ids: Iterable[int]) -> None:
    """Something a decision depends on changed: the account is due at once. Call it in the changing transaction."""
    touched = sorted(set(account_ids))
    if not touched:
        return
    with transaction():
        rows_of(touched, _TOUCHED)


def rules_changed() -> None:
    """Plans, exclusions, templates, company rules or the pause changed: every account is due."""
    with transaction():
        db.session.execute(update(Automation).values(rules_version=Automation.rules_version + 1))


def decide(account_ids: Iterable[int], now: datetime, *, rules: Rules | None = None) -> Pass:
    """Decides these accounts and stores the outcome, so that the next page shows it."""
    return _decide_all(sorted(set(account_ids)), rules or queries.rules(), now, lambda: False, Pass())


def run(now: datetime, *, is_over: Callable[[], bool] = lambda: False, rules: Rules | None = None) -> Pass:
    """One pass: decides every account that is due at `now`. Once `is_over` says so it begins no new chunk."""
    rules = rules or queries.rules()
    result = Pass()
    for ids in _due(rules, now):
        _decide_all(ids, rules, now, is_over, result)
        if not result.is_finished:
            break
    return result


def _due(rules: Rules, now: datetime) -> Iterator[Sequence[int]]:
    """Ids of due accounts: woken by the clock or a change, or decided by older rules. Two index probes."""
    last = 0
    due = or_(Account.wake_at <= now, Account.rules_version < rules.version)
    while True:
        query = select(Account.id).where(due, Account.id > last).order_by(Account.id).limit(_WINDOW)
        ids = db.session.scalars(query).all()
        if not ids:
            return
        yield ids
        last = ids[-1]


def _decide_all(ids: Sequence[int], rules: Rules, now: datetime, is_over: Callable[[], bool], result: Pass) -> Pass:
    start, size = 0, _CHUNK
    while start < len(ids):
        if is_over():
            result.is_finished = False
            return result
        chunk = ids[start : start + size]
        with garbage.kept():
            took = _decide_chunk(chunk, rules, now, result)
        start += len(chunk)
        size = _resize(size, len(chunk), took)
    return result


def _decide_chunk(ids: Sequence[int], rules: Rules, now: datetime, result: Pass) -> float:
    """Answers the seconds for which the write lock was held."""
    pairs = [(snapshot, decide_one(snapshot, rules, now)) for snapshot in snapshots.load(ids, rules)]
    started = time.monotonic()
    stored = decisions.store(pairs, rules, now)
    result.evaluated += stored.accounts
    result.queued += stored.queued
    return time.monotonic() - started


def _resize(size: int, done: int, took: float) -> int:
    if done < size:
        return size
    wanted = int(size * LOCK_SECONDS / max(took, 0.001))
    return max(_SMALLEST, min(_LARGEST, wanted, size * 2))
