"""gunicorn with our settings, as the Procfile starts it."""

from __future__ import annotations

import http.client
import os
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests import forks
from tests.conftest import a_config
from tests.factories import a_user
from tests.forks import Fork
from tests.processes.conftest import wait_for
from wiseops.app import create_app
from wiseops.config import ROOT
from wiseops.extensions import db
from wiseops.processes import children

PRODUCTION = {
    "WISEOPS_ENV": "production",
    "SECRET_KEY": "long and random " * 2,
    "DATABASE_URL": "",
    "REDIS_URL": "redis://127.0.0.1:1",
    "PUBLIC_URL": "https://collect.example.com",
    "SMS_BACKEND": "file",
    "WEB_CONCURRENCY": "1",
    "WISEOPS_BIND": "127.0.0.1",
    "PORT": "0",
}


def test_it_does_not_start_where_live_messages_would_end_in_files(sqlite_template: Path, tmp_path: Path):
    shutil.copy(sqlite_template, tmp_path / "wiseops.sqlite")
    with sqlite3.connect(tmp_path / "wiseops.sqlite") as database:
        database.execute("UPDATE automation SET mode = 'live'")
    (line,) = [line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web: gunicorn ")]
    command = [sys.executable, "-m", *shlex.split(line.removeprefix("web: "))]
    environ = {**os.environ, **PRODUCTION, "WISEOPS_DATA_DIR": str(tmp_path)}

    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 3
    assert "Live mode needs real senders: set SMS_BACKEND=vonage" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.fixture
def server(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], http.client.HTTPConnection]]:
    """Answers what connects to gunicorn over a socket."""
    shutil.copy(sqlite_template, tmp_path / "wiseops.sqlite")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environ = PRODUCTION | dict.fromkeys(("WISEOPS_ENV", "REDIS_URL", "PUBLIC_URL"), "")
    environ |= {"PORT": str(port), "WISEOPS_DATA_DIR": str(tmp_path), "IMPORT_MAX_MB": "1", "SECRET_KEY": "test"}
    settings = ("--config", "python:wiseops.processes.web", "--log-level", "warning")
    started: list[Fork] = [forks.start("-m", "gunicorn", *settings, "wiseops.app:create_app()", **environ)]

    def connect() -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with suppress(OSError):
            connection.connect()
        return connection

    wait_for(lambda: connect().sock, why="for gunicorn")
    yield connect
    children.stop(started, within=0.5)  # type: ignore[arg-type]


def a_cookie(folder: Path) -> str:
    """What the browser of a manager who signed in sends along."""
    app = create_app(a_config(folder, f"sqlite:///{folder / 'wiseops.sqlite'}"))
    with app.app_context():
        signed = app.session_interface.get_signing_serializer(app).dumps({"_user_id": a_user("manager").get_id()})  # type: ignore[attr-defined]
        db.session.remove()
        db.engine.dispose()
    return f"wiseops={signed}"


def test_whoever_sends_a_file_that_is_too_large_is_told(
    server: Callable[[], http.client.HTTPConnection], tmp_path: Path
):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    headers = {"Cookie": a_cookie(tmp_path), "Content-Type": "multipart/form-data; boundary=b"}
    connection = server()

    connection.request("POST", "/settings/imports", head + b"x" * 40 * 1024**2 + b"\r\n--b--\r\n", headers)
    answer = connection.getresponse()

    assert (answer.status, b"larger than this page takes" in answer.read()) == (413, True)
    connection.request("GET", "/settings", headers=headers)
    assert connection.getresponse().status == 200
