"""Decides the whole book anew and compares it with what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from wiseops.domain.automation.decide import decide
from wiseops.domain.automation.decision import Decision
from wiseops.domain.automation.rules import Rules
from wiseops.extensions import db
from wiseops.models import EPOCH, Account, Position, StageTotal
from wiseops.queries import automation, snapshots

_CHUNK = 1000


@dataclass(slots=True)
class Verification:
    """How many accounts were decided anew, and how many (or kept totals) differ from what is stored."""

    accounts: int = 0
    differences: int = 0


def verify(now: datetime) -> Verification:
    """An account not due is decided as of its last decision: until `wake_at` nothing may have changed."""
    rules, result, last = automation.rules(), Verification(), 0
    while True:
        query = select(Account).where(Account.id > last).order_by(Account.id).limit(_CHUNK)
        stored = {row.id: row for row in db.session.scalars(query.execution_options(populate_existing=True))}
        if not stored:
            break
        last = max(stored)
        positions = _positions(list(stored))
        for snapshot in snapshots.load(list(stored), rules):
            row = stored[snapshot.account_id]
            decision = decide(snapshot, rules, _moment(row, rules, now))
            result.accounts += 1
            result.differences += _differs(row, positions.get(row.id, {}), decision)
    result.differences += _wrong_totals()
    return result


def _moment(row: Account, rules: Rules, now: datetime) -> datetime:
    is_pending = row.decided_at is None or row.wake_at == EPOCH or row.rules_version != rules.version
    return now if is_pending or row.decided_at is None else row.decided_at


def _differs(row: Account, positions: dict[str, tuple[int, ...]], decision: Decision) -> bool:
    stored: tuple[Any, ...] = (
        row.stage,
        row.plan_id,
        row.step,
        row.send_at,
        row.held,
        row.reasons,
        positions,
        row.overdue_since,
    )
    anew: tuple[Any, ...] = (
        str(decision.stage),
        decision.plan_id,
        decision.step,
        decision.send_at,
        decision.held,
        [reason.to_json() for reason in decision.reasons],
        decision.amounts(),
        decision.book.overdue_since,
    )
    sleeps_too_long = decision.wake_at is not None and (row.wake_at is None or row.wake_at > decision.wake_at)
    return stored != anew or bool(decision.effects) or sleeps_too_long


def _positions(ids: list[int]) -> dict[int, dict[str, tuple[int, ...]]]:
    found: dict[int, dict[str, tuple[int, ...]]] = {}
    for row in db.session.scalars(select(Position).where(Position.account_id.in_(ids))):
        found.setdefault(row.account_id, {})[row.currency] = (row.balance, row.overdue, row.collectable)
    return found


def _wrong_totals() -> int:
    """How many kept stage totals differ from a fresh sum."""
    kept = {
        (row.stage, row.currency): (row.accounts, row.balance, row.overdue, row.collectable)
        for row in db.session.scalars(select(StageTotal).execution_options(populate_existing=True))
        if row.accounts or row.balance or row.overdue or row.collectable
    }
    sums = (func.sum(Position.balance), func.sum(Position.overdue), func.sum(Position.collectable))
    per_currency = (
        select(Account.stage, Position.currency, func.count(), *sums)
        .join(Position, Position.account_id == Account.id)
        .group_by(Account.stage, Position.currency)
    )
    fresh = {(s, c): (int(n), int(b), int(o), int(k)) for s, c, n, b, o, k in db.session.execute(per_currency)}
    fresh |= {(stage, ""): (count, 0, 0, 0) for stage, count in automation.stages().items()}
    return sum(kept.get(key) != fresh.get(key) for key in kept.keys() | fresh.keys())
