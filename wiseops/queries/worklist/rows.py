"""A list ranked: every source once, then what a page shows of its rows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from wiseops.domain.worklist import Debt, Row, Signal, rank
from wiseops.extensions import db
from wiseops.models import Account, Position, Task, User
from wiseops.queries import accounts
from wiseops.queries.worklist import replies, reviews, tasks, unassigned
from wiseops.queries.worklist.scopes import Scope


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what is shown of its account: its tasks by id, and what they wrote last."""

    row: Row
    number: str
    name: str
    owner: str | None
    stage: str
    held: str | None
    positions: Sequence[Position] = ()
    tasks: Mapping[int, Task] = field(default_factory=dict)
    said: tuple[str, datetime] | None = None


def ranked(scope: Scope, zone: ZoneInfo) -> list[Row]:
    """Every account of the list, what is first to do first."""
    found = [*_signals(scope, zone)]
    return rank(found, _debts({signal.account_id for signal in found}), scope.today)


def shown(rows: Sequence[Row]) -> list[Shown]:
    """What a page shows of these rows, in their order."""
    ids = [row.account_id for row in rows]
    task_ids = [signal.task_id for row in rows for signal in row.signals if signal.task_id is not None]
    noted = {task.id: task for task in db.session.scalars(select(Task).where(Task.id.in_(task_ids)))}
    positions, said = accounts.positions(ids), replies.said(ids)
    query = (
        select(Account.id, Account.number, Account.name, User.name.label("owner"), Account.stage, Account.held)
        .outerjoin(User, User.id == Account.owner_id)
        .where(Account.id.in_(ids))
    )
    found: dict[int, Any] = {line.id: line for line in db.session.execute(query)}
    return [
        Shown(
            row, at.number, at.name, at.owner, at.stage, at.held,
            positions.get(row.account_id, ()), noted, said.get(row.account_id),
        )
        for row in rows
        if (at := found.get(row.account_id)) is not None
    ]  # fmt: skip


def _signals(scope: Scope, zone: ZoneInfo) -> Iterator[Signal]:
    yield from replies.signals(scope, zone)
    yield from tasks.signals(scope)
    yield from reviews.signals(scope, zone)
    yield from unassigned.signals(scope)


def _debts(account_ids: Collection[int]) -> dict[int, Debt]:
    query = (
        select(Account.id, Account.overdue_since, Position.currency, Position.overdue)
        .outerjoin(Position, Position.account_id == Account.id)
        .where(Account.id.in_(account_ids))
    )
    overdue: dict[int, dict[str, int]] = {}
    since = {}
    for account_id, on, currency, amount in db.session.execute(query):
        since[account_id] = on
        if currency is not None:
            overdue.setdefault(account_id, {})[currency] = amount
    return {account_id: Debt(overdue.get(account_id, {}), on) for account_id, on in since.items()}
