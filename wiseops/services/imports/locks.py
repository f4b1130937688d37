"""Locks: who does a run. One dies with its process, however that dies, and needs no writing while others write."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from wiseops.extensions import db

_OF_IMPORTS = 1


@contextmanager
def held(import_id: int) -> Iterator[bool]:
    """Whether the run is ours alone meanwhile; False where another worker has it."""
    if db.engine.dialect.name == "sqlite":
        with Path(f"{db.engine.url.database}-import-{import_id}").open("a") as file:
            yield from _held(file)
        return
    lock = (_OF_IMPORTS, import_id)
    # Without a transaction: a server may end one that idles for as long as a run takes.
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_ours = bool(connection.scalar(select(func.pg_try_advisory_lock(*lock))))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(select(func.pg_advisory_unlock(*lock)))


def _held(file: IO[str]) -> Iterator[bool]:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
        return
    # Whoever had it before removes the file at the end: then this is no longer the one that others ask.
    if not os.fstat(file.fileno()).st_nlink:
        yield False
        return
    try:
        yield True
    finally:
        Path(file.name).unlink()
