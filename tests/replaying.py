"""Runs `flask replay` as a process of its own, and kills it."""

from __future__ import annotations

import signal
import sqlite3
import time
from datetime import date
from pathlib import Path

from tests import forks

LONGEST = 900


def command(database_url: str, work: Path, first: date, last: date) -> tuple[list[str], dict[str, str]]:
    """The arguments and the environment of the process."""
    days = ["--from", first.isoformat(), "--to", last.isoformat()]
    environ = {"DATABASE_URL": database_url, "WISEOPS_DATA_DIR": str(work.parent), "WISEOPS_ENV": "test"}
    args = ["-m", "flask", "--app", "wiseops.app", "replay", *days, "--work", str(work), "--json"]
    return args, {**environ, "SECRET_KEY": "test"}


def whole(database_url: str, work: Path, first: date, last: date) -> bytes:
    """What it prints when it is let be."""
    args, environ = command(database_url, work, first, last)
    printed = work.with_suffix(".printed")
    assert forks.start(*args, output=printed, **environ).wait(LONGEST) == 0
    return printed.read_bytes()


def killed(database_url: str, work: Path, first: date, last: date, *, after: int) -> int:
    """Kills it once `after` days were lived. Answers how many were."""
    args, environ = command(database_url, work, first, last)
    process = forks.start(*args, output=work.with_suffix(".cut"), **environ)
    end = time.monotonic() + LONGEST
    try:
        while lived(work) < after and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL
    return lived(work)


def lived(work: Path) -> int:
    """How many days the working copy has."""
    if not work.exists():
        return 0
    connection = sqlite3.connect(work, timeout=10)
    try:
        return int(connection.execute("SELECT count(*) FROM replay_days").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()
