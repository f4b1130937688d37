"""A real Valkey, and a real worker beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from tests import forks
from tests.forks import Fork
from wiseops.app import create_app
from wiseops.config import Config
from wiseops.extensions import db
from wiseops.processes import children


def wait_for(condition: Callable[[], object], seconds: float = 60.0, why: str = "") -> None:
    """Returns when the condition holds; fails the test when it does not in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain {why}"
        time.sleep(0.02)


@pytest.fixture
def start_worker(development: Config, redis: Redis, sqlite_template: Path) -> Iterator[Callable[..., Fork]]:
    """Starts `python worker.py` on a migrated database beside the test's Valkey."""
    shutil.copy(sqlite_template, development.data_dir / "wiseops.sqlite")
    started: list[Fork] = []

    def start(*arguments: str, **more: str) -> Fork:
        environ = {
            "WISEOPS_DATA_DIR": str(development.data_dir),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "WISEOPS_ENV": "",
        }
        started.append(forks.start("worker.py", *arguments, **environ | more))
        return started[-1]

    yield start
    children.stop(started, within=0.5)


@pytest.fixture
def book(start_worker: object, development: Config) -> Iterator[Flask]:
    """The app on the workers' database; it rings for them."""
    app = create_app(development)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
