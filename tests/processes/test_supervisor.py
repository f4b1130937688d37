"""`make run`: starts everything, keeps it running, leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes.conftest import wait_for
from wiseops.config import ROOT, Misconfigured
from wiseops.processes import supervisor


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fresh for the first start; the second finds what that one left."""
    return tmp_path_factory.mktemp("wiseops")


@pytest.fixture
def running(port: int, folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`make run` without make, once it said where it is."""
    environ = {**os.environ, "PORT": str(port), "WISEOPS_DATA_DIR": str(folder), "WISEOPS_DEMO": "0"}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "wiseops.processes", "run"], cwd=ROOT, env=environ, stdout=said, stderr=said
        )
    wait_for(lambda: "Ctrl-C stops everything" in (tmp_path / "said").read_text() or process.poll() is not None, 90)
    assert process.poll() is None, (tmp_path / "said").read_text()
    yield process
    process.kill()
    process.wait()


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def worker_of(process: subprocess.Popen[bytes]) -> psutil.Process | None:
    for child in family(process):
        with contextlib.suppress(psutil.Error):
            if str(ROOT / "worker.py") in child.cmdline():
                return child
    return None


def test_it_serves_restarts_what_falls_and_leaves_nothing_behind(
    running: subprocess.Popen[bytes], port: int, tmp_path: Path
):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    assert f"http://127.0.0.1:{port}" in (tmp_path / "said").read_text()

    first = worker_of(running)
    assert first
    first.kill()
    wait_for(lambda: worker_of(running) not in (None, first))

    everyone = family(running)
    running.send_signal(signal.SIGINT)
    assert running.wait(20) == 0
    assert [one for one in everyone if one.is_running()] == []


def test_killed_itself_it_takes_everything_with_it(running: subprocess.Popen[bytes]):
    everyone = family(running)
    assert len(everyone) >= 4

    running.kill()
    running.wait()

    wait_for(lambda: not [one for one in everyone if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])


def test_a_port_that_is_taken_is_refused_when_asked_for(port: int):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()

        with pytest.raises(Misconfigured, match=f"PORT={port}"):
            supervisor.choose_port(str(port), "127.0.0.1")

    assert supervisor.choose_port(str(port), "127.0.0.1") == port


def test_without_a_wish_it_takes_5000_or_the_next_one_free():
    assert 5000 <= supervisor.choose_port(None, "127.0.0.1") < 5100
