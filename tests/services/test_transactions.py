"""What a transaction keeps, what it leaves, and what it costs to begin one."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from tests.factories import NOW
from wiseops.extensions import db
from wiseops.models import Event
from wiseops.services.transaction import end_read, transaction


def note(kind: str) -> None:
    db.session.add(Event(kind=kind, at=NOW))


def kept() -> list[str]:
    return list(db.session.scalars(select(Event.kind).order_by(Event.id)))


def test_only_what_is_added_inside_is_kept(app: Flask):
    note("before")
    with transaction():
        note("inside")
    note("after")
    end_read()
    note("and seen")
    kept()
    end_read()

    assert kept() == ["inside"]


def test_the_outermost_transaction_is_kept_or_lost_as_a_whole(app: Flask):
    with pytest.raises(LookupError):
        break_off()

    assert kept() == []


def break_off() -> None:
    with transaction():
        with transaction():
            note("inner")
        end_read()
        raise LookupError


def test_a_connection_lost_while_reading_costs_nothing_but_what_was_read(app: Flask):
    kept()
    db.session.connection().invalidate()
    end_read()

    kept()
    db.session.connection().invalidate()
    with transaction():
        note("after")

    assert kept() == ["after"]


def test_what_postgresql_prepared_outlives_the_end_of_a_read(app: Flask):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite's driver keeps its statements by itself")
    for _ in range(8):
        db.session.scalar(select(func.count()).select_from(Event))
        end_read()

    assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) > 0
