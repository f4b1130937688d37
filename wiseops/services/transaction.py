"""The one way to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wiseops.extensions import db

_DEPTH = "wiseops.transaction.depth"
_FLUSHED = "wiseops.transaction.flushed"


@contextmanager
def transaction() -> Iterator[None]:
    """Ends any open read, begins for writing, commits at the outermost level only; an inner one joins.

    On SQLite the transaction is IMMEDIATE, so that a writer waits its turn instead of failing half-way.
    An exception rolls the whole outermost transaction back.
    """
    info = db.session.info
    if info.get(_DEPTH, 0):
        yield
        return
    _end()
    info[_DEPTH] = 1
    try:
        db.session.connection(execution_options={"tx": "IMMEDIATE"})
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        info[_DEPTH] = info[_FLUSHED] = 0


def end_read() -> None:
    """Ends an open read, so that no transaction lasts while something slow does; within a transaction nothing ends."""
    if not db.session.info.get(_DEPTH, 0):
        _end()


def _end() -> None:
    """Commits what only read, for PostgreSQL's driver forgets every prepared statement at a rollback."""
    session = db.session()
    if session.new or session.dirty or session.deleted or session.info.pop(_FLUSHED, 0):
        session.rollback()
        return
    try:
        session.commit()
    except SQLAlchemyError:
        session.rollback()  # The connection is gone, and nothing but what was read with it.


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _context: Any) -> None:
    session.info[_FLUSHED] = 1
