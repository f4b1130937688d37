"""What a decision reads of an account it finds by the account, however many messages others have."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.factories import NOW, a_debtor, a_payment, running
from tests.outboxes import Recorder, senders
from wiseops.extensions import db
from wiseops.queries import automation as queries
from wiseops.queries import disputes, promises, reach
from wiseops.services import automation, contacted, messages
from wiseops.services.transaction import transaction

GROWS = ("messages", "tasks", "entries", "promises", "disputes", "activities", "engagements", "events", "allocations")


@pytest.fixture
def sqlite(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts its rows and chooses by itself")


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """Statements and their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, is_many: bool) -> None:
        if not is_many and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def ways(statement: str, parameters: Any) -> list[str]:
    """How SQLite goes through the tables that grow."""
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    steps = [row[3] for row in plan]
    return [
        step
        for step in steps
        if step.startswith(tuple(f"{how} {table}" for how in ("SCAN", "SEARCH") for table in GROWS))
    ]


@pytest.mark.usefixtures("sqlite")
def test_what_a_decision_reads_is_found_by_account_or_engagement():
    running()
    account = a_debtor()
    messages.send_due(NOW, senders=senders(Recorder()))
    a_payment(account, "1.00 DKK")

    with heard() as statements:
        automation.decide([account], NOW)
        promises.open_of([account])
        disputes.watched([account])
        reach.contacts([account], queries.rules().zone)
        with transaction():
            contacted.note([1])

    found = {way: statement for statement, parameters in statements for way in ways(statement, parameters)}
    keys = ("account_id=?", "engagement_id=?", "rowid=?", "credit_id=?", "debit_id=?", "reverses_id=?")
    assert any(way.startswith("SEARCH messages") for way in found)
    assert [way for way in found if not any(key in way for key in keys)] == []
