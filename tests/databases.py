"""One database of each kind a test process, put back to how the migrations left it before each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

_ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_RENEWED = """
CREATE FUNCTION fresh.renew() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text; counter record; is_used boolean; sum_now bigint; sum_then bigint;
BEGIN
    SET LOCAL session_replication_role = replica;  -- The order of foreign keys does not matter.
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'fresh' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I UNION ALL SELECT FROM fresh.%I)', name, name) INTO is_used;
        CONTINUE WHEN NOT is_used;
        EXECUTE format('SELECT sum(hashtext(row::text)) FROM %I.%I row', 'public', name) INTO sum_now;
        EXECUTE format('SELECT sum(hashtext(row::text)) FROM %I.%I row', 'fresh', name) INTO sum_then;
        IF sum_now IS DISTINCT FROM sum_then THEN
            EXECUTE format('DELETE FROM public.%I', name);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM fresh.%I', name, name);
        END IF;
    END LOOP;
    FOR counter IN SELECT * FROM counted.sequences LOOP
        is_used := counter.last_value IS NOT NULL;
        PERFORM setval('public.' || counter.sequencename, coalesce(counter.last_value, 1), is_used);
    END LOOP;
END $$
"""


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
    tables = [name for (name,) in connection.execute(_TABLES)]
    connection.execute("CREATE SCHEMA fresh")
    connection.execute("CREATE SCHEMA counted")
    connection.execute(
        "CREATE TABLE counted.sequences AS"
        " SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
    )
    for table in tables:
        copy = sql.SQL("CREATE TABLE fresh.{table} AS TABLE public.{table}")
        connection.execute(copy.format(table=sql.Identifier(table)))
    connection.execute(_RENEWED)

    def renew() -> None:
        connection.execute(_ALONE)
        connection.execute("SELECT fresh.renew()")

    return renew
