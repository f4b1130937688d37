"""The working copy of a replay: a SQLite file that nothing else reads, made once and known by its identity."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask
from sqlalchemy import Table, insert, inspect, select
from sqlalchemy.engine import Connection

from wiseops.domain.errors import Refused
from wiseops.extensions import Base, db
from wiseops.models import Automation
from wiseops.models.replays import COPIES, REPLAY
from wiseops.queries import replays
from wiseops.services.transaction import transaction

_HEAD = b"SQLite format 3\0"


def app_on(path: Path) -> Flask:
    """An application that has the working copy and nothing else: no web, no Redis, no adapters.

    Raises Refused for a file that is no SQLite database.
    """
    if path.exists() and _head(path) not in (b"", _HEAD):
        raise Refused("The work file is no SQLite database. Name another with --work.")
    app = Flask("wiseops.replay")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path.resolve()}"
    db.init_app(app)
    return app


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_HEAD))


def make(live: Connection, identity: str) -> bool:
    """Fills the copy from the live book, in one transaction. Returns whether it was new.

    Raises Refused where the file is something else, or was made of another book or other rules.
    """
    with transaction():
        tables = inspect(db.session.connection()).get_table_names()
        if tables:
            _check(tables, identity)
            return False
        _fill(live, identity)
        return True


def _check(tables: list[str], identity: str) -> None:
    if COPIES.name not in tables:
        raise Refused("The work file is a database, but no working copy of a replay. Name another with --work.")
    if db.session.scalar(select(COPIES.c.identity)) != identity:
        raise Refused(
            "The work file was made of another book, other rules, another first day or another version of wiseops."
            " Remove it, or name another with --work."
        )


def _fill(live: Connection, identity: str) -> None:
    connection = db.session.connection()
    Base.metadata.create_all(connection)
    REPLAY.create_all(connection)
    for table, rows in replays.book(live):
        connection.execute(insert(table), rows)
    automation = cast(Table, Automation.__table__)
    connection.execute(insert(automation).values(id=1, paused=False, mode="live", rules_version=1))
    connection.execute(insert(COPIES).values(identity=identity))
