"""Stores what was decided: account rows, positions and stage totals, only where nothing changed meanwhile."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from wiseops.domain.automation.decision import Decision
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.extensions import db
from wiseops.models import Account, Event, Position, StageTotal
from wiseops.queries.among import among, rows_of
from wiseops.services import engagements, judgements
from wiseops.services import rows as table_rows
from wiseops.services.transaction import transaction

ACCOUNTS = cast(Table, Account.__table__)
_NAMES = (
    "rev", "wake_at", "rules_version", "decided_at", "stage", "stage_since", "overdue_since", "held", "plan_id",
    "step", "send_at", "reasons",
)  # fmt: skip
_DECIDED = (
    update(ACCOUNTS)
    .where(ACCOUNTS.c.id == bindparam("key"))
    .values({name: bindparam("new_" + name) for name in _NAMES})
)
_BEFORE = (
    select(ACCOUNTS.c.id, ACCOUNTS.c.rev, ACCOUNTS.c.stage, ACCOUNTS.c.stage_since, ACCOUNTS.c.decided_at)
    .where(among(ACCOUNTS.c.id))
    .order_by(ACCOUNTS.c.id)
    .with_for_update()
)
_POSITIONS = select(Position.__table__).where(among(Position.account_id))
_EVERY = ""
_AMOUNTS = ("balance", "overdue", "collectable")


@dataclass(slots=True)
class Stored:
    """What a store did: accounts stored, messages queued."""

    accounts: int = 0
    queued: int = 0


@dataclass(slots=True)
class _Totals:
    """Changes of stage totals: [accounts, balance, overdue, collectable] by (stage, currency)."""

    changes: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))

    def add(self, stage: str, amounts: Mapping[str, Sequence[int]], sign: int) -> None:
        self.changes[stage, _EVERY][0] += sign
        for currency, values in amounts.items():
            row = self.changes[stage, currency]
            row[0] += sign
            for index, value in enumerate(values, 1):
                row[index] += sign * value


def store(pairs: Sequence[tuple[Snapshot, Decision]], rules: Rules, now: datetime) -> Stored:
    """Stores each decision whose account still has the `rev` it was read at; the others stay due."""
    with transaction():
        before = _lock([snapshot.account_id for snapshot, _ in pairs])
        fresh = [(s, d) for s, d in pairs if before[s.account_id].rev == s.rev]
        if not fresh:
            return Stored()
        outcomes = [
            engagements.Outcome(s.account_id, s.run.id if s.run else None, d.send_at, d.effects)
            for s, d in fresh
            if d.effects
        ]
        queued = engagements.apply(outcomes, now=now, today=rules.today(now)) if outcomes else 0
        for outcome in outcomes:
            judgements.apply(outcome.effects, now=now, today=rules.today(now))
        _store_positions(fresh, before)
        table_rows.change(_DECIDED, [_row(s, d, before[s.account_id], rules, now) for s, d in fresh])
        _tell(fresh, before, now)
        return Stored(len(fresh), queued)


def _lock(ids: list[int]) -> dict[int, Any]:
    return {row.id: row for row in rows_of(ids, _BEFORE)}


def _row(snapshot: Snapshot, decision: Decision, before: Any, rules: Rules, now: datetime) -> dict[str, Any]:
    is_new = before.decided_at is None or before.stage != decision.stage
    return {
        "key": snapshot.account_id,
        "new_rev": snapshot.rev + 1 if decision.effects else snapshot.rev,
        "new_wake_at": decision.wake_at,
        "new_rules_version": rules.version,
        "new_decided_at": now,
        "new_stage": str(decision.stage),
        "new_stage_since": now if is_new else before.stage_since,
        "new_overdue_since": decision.book.overdue_since,
        "new_held": decision.held,
        "new_plan_id": decision.plan_id,
        "new_step": decision.step,
        "new_send_at": decision.send_at,
        "new_reasons": [reason.to_json() for reason in decision.reasons],
    }


def _tell(pairs: Sequence[tuple[Snapshot, Decision]], before: Mapping[int, Any], now: datetime) -> None:
    """Puts each change of stage on the timeline; the first decision of an account changes none."""
    rows = []
    for snapshot, decision in pairs:
        was = before[snapshot.account_id]
        if was.decided_at is not None and was.stage != decision.stage:
            codes = [reason.code for reason in decision.reasons]
            facts = {"from": was.stage, "to": str(decision.stage), "reasons": codes}
            rows.append({"kind": "stage_changed", "account_id": snapshot.account_id, "at": now, "facts": facts})
    table_rows.add(Event, rows)


def _store_positions(pairs: Sequence[tuple[Snapshot, Decision]], before: Mapping[int, Any]) -> None:
    ids = [snapshot.account_id for snapshot, _ in pairs]
    old: dict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for row in rows_of(ids, _POSITIONS):
        old[row.account_id][row.currency] = (row.balance, row.overdue, row.collectable)
    totals, gone, rows = _Totals(), [], []
    for snapshot, decision in pairs:
        account_id, new = snapshot.account_id, decision.amounts()
        was = before[account_id]
        if was.decided_at is not None:
            totals.add(was.stage, old[account_id], -1)
        totals.add(str(decision.stage), new, +1)
        if new != old[account_id]:
            if old[account_id]:
                gone.append(account_id)
            rows += [
                {"account_id": account_id, "currency": code, **dict(zip(_AMOUNTS, values, strict=True))}
                for code, values in new.items()
            ]
    if gone:
        db.session.execute(delete(Position).where(Position.account_id.in_(gone)))
    table_rows.add(Position, rows)
    _add_totals(totals.changes.items())


def _add_totals(changes: Iterable[tuple[tuple[str, str], list[int]]]) -> None:
    """Adds the changes to the kept totals, in key order so that two writers cannot lock crosswise."""
    rows = [
        {"stage": stage, "currency": currency, "accounts": accounts, **dict(zip(_AMOUNTS, rest, strict=True))}
        for (stage, currency), (accounts, *rest) in sorted(changes)
        if accounts or any(rest)
    ]
    if rows:
        db.session.connection().execute(_adding(db.engine.dialect.name), rows)


@functools.cache
def _adding(dialect: str) -> Any:
    table = cast(Table, StageTotal.__table__)
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    return statement.on_conflict_do_update(
        index_elements=["stage", "currency"],
        set_={name: table.c[name] + statement.excluded[name] for name in ("accounts", *_AMOUNTS)},
    )
