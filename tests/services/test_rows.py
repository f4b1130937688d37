"""Many rows in one statement are the same rows as one object each."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Table, bindparam, select, update

from tests.factories import NOW, an_account
from wiseops.extensions import db
from wiseops.models import Account, Message
from wiseops.queries.among import among, rows_of
from wiseops.services import rows
from wiseops.services.transaction import transaction

ACCOUNTS: Table = Account.__table__
HELD = update(ACCOUNTS).where(ACCOUNTS.c.id == bindparam("key")).values(held=bindparam("why"), reasons=bindparam("new"))


def columns(message: Message) -> dict[str, object]:
    return {c.name: getattr(message, c.name) for c in Message.__table__.columns if c.name not in ("id", "ref")}


def test_a_row_has_the_defaults_that_an_object_has(app: Flask):
    given = {"account_id": an_account(), "channel": "sms", "automated": True, "queued_at": NOW, "not_before": NOW}

    with transaction():
        db.session.add(Message(**given, ref="object"))
        rows.add(Message, [{**given, "ref": "row"}])

    one, other = db.session.scalars(select(Message).order_by(Message.id))
    assert columns(one) == columns(other)
    assert (other.cc, other.queued_at) == ([], NOW)


def test_each_row_is_changed_to_its_own_values(app: Flask):
    one, other = an_account(), an_account()

    with transaction():
        rows.change(HELD, [{"key": one, "why": "gap", "new": [{"a": 1}]}, {"key": other, "why": None, "new": []}])

    kept = select(ACCOUNTS.c.held, ACCOUNTS.c.reasons).order_by(ACCOUNTS.c.id)
    assert [tuple(row) for row in db.session.execute(kept)] == [("gap", [{"a": 1}]), (None, [])]


def test_an_instant_without_a_zone_is_refused(app: Flask):
    naive = {"account_id": an_account(), "channel": "sms", "automated": True, "ref": "1", "queued_at": NOW}

    with pytest.raises(ValueError, match="naive"), transaction():
        rows.add(Message, [{**naive, "not_before": datetime(2026, 3, 2)}])  # noqa: DTZ001


def test_only_rows_of_the_given_ids_are_read_however_many(app: Flask):
    accounts = [an_account() for _ in range(3)]
    query = select(Account.id).where(among(Account.id)).order_by(Account.id)

    assert [row.id for row in rows_of(accounts[1:], query)] == accounts[1:]
    assert rows_of([], query).all() == []
