"""What a replay copies from the live book, and what it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, Table, select
from sqlalchemy.engine import Connection

from wiseops.extensions import Base, db
from wiseops.models import (
    Account,
    AccountTag,
    Channel,
    Company,
    Contact,
    Entry,
    ExcludedAccount,
    Exclusion,
    Guardrail,
    Holiday,
    Plan,
    PlanStep,
    Template,
    TemplateVersion,
)
from wiseops.models.replays import DAYS, POSTINGS

_COPIED: tuple[type[Base], ...] = (
    Company,
    Guardrail,
    Holiday,
    Channel,
    Template,
    TemplateVersion,
    Plan,
    PlanStep,
    Exclusion,
    Account,
    AccountTag,
    Contact,
    ExcludedAccount,
)
_NEW: dict[type[Base], dict[str, Any]] = {
    Company: {"logo_id": None, "ledger_max_age_days": None},
    Channel: {"next_slot_at": None, "stopped_at": None, "stop_reason": "", "unclear": 0, "rests_until": None},
    Guardrail: {"confirmed_by_id": None},
    TemplateVersion: {"created_by_id": None},
}
_DESCRIBED = (
    "id", "number", "name", "kind", "country", "language", "timezone", "street", "postal_code", "city", "created_at",
    "blocked_at", "block_reason", "block_review_on",
)  # fmt: skip
"""Of an account nothing else is copied: neither momentary holds nor anything that was decided."""
_AT_ONCE = 1000
_PROGRAM = Path(__file__).parent.parent

Rows = Iterator[tuple[Table, list[dict[str, Any]]]]


def reading(live: Engine) -> Connection:
    """A connection whose reads all see the live book at one moment."""
    connection = live.connect()
    if live.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def book(live: Connection) -> Rows:
    """The rows of the working copy, table by table, in a fixed order."""
    for model in _COPIED:
        table = cast(Table, model.__table__)
        columns = [table.c[name] for name in _DESCRIBED] if model is Account else list(table.columns)
        query = select(*columns).order_by(*table.primary_key.columns)
        for rows in live.execution_options(yield_per=_AT_ONCE).execute(query).mappings().partitions():
            yield table, [dict(row) | _NEW.get(model, {}) for row in rows]
    entries = cast(Table, Entry.__table__)
    query = select(*(entries.c[column.name] for column in POSTINGS.columns)).order_by(entries.c.id)
    for rows in live.execution_options(yield_per=_AT_ONCE).execute(query).mappings().partitions():
        yield POSTINGS, [dict(row) for row in rows]


def identity(live: Connection, start: date) -> str:
    """One hash of the book, the rules and the program that applies them."""
    digest = hashlib.sha256(start.isoformat().encode())
    for path in sorted(_PROGRAM.rglob("*.py")):
        digest.update(path.read_bytes())
    for table, rows in book(live):
        for row in rows:
            digest.update(json.dumps([table.name, row], default=str, sort_keys=True).encode())
    return digest.hexdigest()


def last_day() -> date | None:
    """The last day that the working copy has lived."""
    return db.session.scalar(select(DAYS.c.on).order_by(DAYS.c.on.desc()).limit(1))


def answer(end: date) -> dict[str, list[dict[str, Any]]]:
    """The days up to `end`, and what would have left on them."""
    days, messages = [], []
    for row in db.session.execute(select(DAYS).where(DAYS.c.on <= end).order_by(DAYS.c.on)).mappings():
        counts = {name: row[name] for name in ("evaluated", "queued", "sent", "cancelled")}
        days.append({"on": row["on"].isoformat(), **counts})
        messages += row["messages"]
    messages.sort(key=lambda row: (row["at"], row["account"], row["currency"]))
    return {"days": days, "messages": messages}
