"""gunicorn with our settings, as the Procfile starts it."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from wiseops.config import ROOT

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
