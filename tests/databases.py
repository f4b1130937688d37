"""One database of each kind a test process, put back to how the migrations left it before each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


def of_sqlite(template: Path, path: Path) -> Callable[[], None]:
    """What puts a copy of the template at `path`, without the journal of the one before."""

    def renew() -> None:
        for leftover in path.parent.glob(path.name + "*"):
            leftover.unlink()
        shutil.copy(template, path)

    return renew


def of_postgres(uri: str) -> Callable[[], None]:
    """What gives the database the rows and counters it has now, cutting off whoever is still connected to it."""
    with psycopg.connect(uri) as connection:
        tables: list[str] = [name for (name,) in connection.execute(_TABLES)]
        counters = connection.execute(_SEQUENCES).fetchall()
        connection.execute("CREATE SCHEMA fresh")
        for table in tables:
            connection.execute(_filled("CREATE TABLE fresh.{table} AS TABLE public.{table}", table))

    def renew() -> None:
        with psycopg.connect(uri) as connection:
            connection.execute(_ALONE, [connection.info.backend_pid])
            connection.execute("SET session_replication_role = replica")  # The order of foreign keys does not matter.
            for table in tables:
                if connection.execute(_filled("SELECT 1 FROM public.{table} LIMIT 1", table)).fetchone():
                    connection.execute(_filled("DELETE FROM public.{table}", table))
                    connection.execute(_filled("INSERT INTO public.{table} SELECT * FROM fresh.{table}", table))
            for sequence, value in counters:
                connection.execute("SELECT setval(%s, %s, %s)", [f"public.{sequence}", value or 1, value is not None])

    return renew


def _filled(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(table=sql.Identifier(table))
