"""One database of each kind a test process, put back to how the migrations left it before each test."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event

TEMPLATE = "template_wiseops"
_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND (application_name <> %s OR state <> 'idle')"
)
_COUNTERS = (
    "SELECT 'public.' || sequencename, coalesce(last_value, 1), last_value IS NOT NULL"
    " FROM pg_sequences WHERE schemaname = 'public'"
)
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_IF_CHANGED = """
IF (SELECT count(*) FROM public.{table}) <> {count}
OR EXISTS (SELECT FROM public.{table} WHERE age(xmin) < age(last)) THEN
    DELETE FROM public.{table};
    INSERT INTO public.{table} SELECT * FROM fresh.{table};
END IF;
"""
_RENEWED = """
CREATE FUNCTION fresh.renew(last xid) RETURNS xid LANGUAGE plpgsql AS $$
BEGIN
    {tables}
    PERFORM {counters};
    RETURN pg_current_xact_id()::xid;
END $$
"""


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: object) -> None:
    """A test need not survive a power cut, and a connection of this process may stay for its next test."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
    else:
        connection.execute("SELECT set_config('application_name', %s, false)", [_me()])
        connection.commit()


def _me() -> str:
    return f"tests {os.getpid()}"


def leave(engine: Engine) -> None:
    """Gives up the file of SQLite; connections to PostgreSQL stay, if none is lost."""
    if engine.dialect.name == "sqlite" or engine.pool.checkedout():  # type: ignore[attr-defined]
        engine.dispose()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Meanwhile no other process is here."""
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def begins(uri: str) -> bool:
    """Whether the server is new, and now has an empty template."""
    with psycopg.connect(uri, autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            return False
        for promise in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {promise} = off")  # A test need not survive a power cut.
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(f"CREATE DATABASE {TEMPLATE}")
    return True


def at(uri: str, database: str) -> str:
    return uri.replace("/postgres?", f"/{database}?")


def copied(uri: str, database: str) -> str:
    """The address of a new database, a copy of the template."""
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
    return at(uri, database)


def of_sqlite(template: Path, path: Path) -> Callable[[], None]:
    """What puts a copy of the template at `path`, without the journal of the one before."""

    def renew() -> None:
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()
        shutil.copy(template, path)

    return renew


def of_postgres(uri: str) -> Callable[[], None]:
    """What gives the database the rows and counters it has now, cutting off whoever is still connected to it."""
    connection = psycopg.connect(uri, autocommit=True)
    connection.execute("SET session_replication_role = replica")  # The order of foreign keys does not matter.
    tables = [name for (name,) in connection.execute(_TABLES)]
    connection.execute("CREATE SCHEMA fresh")
    parts = [_keep(connection, table) for table in tables]
    counters = [sql.SQL("setval({}, {}, {})").format(*counter) for counter in connection.execute(_COUNTERS)]
    renewed = sql.SQL(_RENEWED).format(tables=sql.SQL("").join(parts), counters=sql.SQL(", ").join(counters))
    connection.execute(renewed)
    ((last,),) = connection.execute("SELECT pg_current_xact_id()::xid::text")

    def renew() -> None:
        nonlocal last
        connection.execute(_ALONE, [_me()])
        ((last,),) = connection.execute("SELECT fresh.renew(%s::text::xid)::text", [last])

    return renew


def _keep(connection: psycopg.Connection, table: str) -> sql.Composed:
    """Copies the rows of the table. Answers what puts them back, if any was written since the transaction `last`."""
    name = sql.Identifier(table)
    copied = connection.execute(sql.SQL("CREATE TABLE fresh.{} AS TABLE public.{}").format(name, name))
    return sql.SQL(_IF_CHANGED).format(table=name, count=sql.Literal(copied.rowcount))
