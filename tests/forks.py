"""Processes of ours that start at once: forked from one that has read all the code already, real in all else."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

from wiseops.config import ROOT
from wiseops.processes import children

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["wiseops.app", "wiseops.processes.worker", "flask.cli", "vonage", "tests.conftest"])


class Fork:
    """A process under the names that `subprocess.Popen` has for what can be done to it."""

    def __init__(self, process: multiprocessing.process.BaseProcess) -> None:
        self._process = process
        self.pid = int(process.pid or 0)

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(*arguments: str, output: Path | None = None, **environ: str) -> Fork:
    """What `python ARGUMENTS` starts, `worker.py` or `-m MODULE`, in our environment with these additions.

    `output`: the file that gets what it prints.
    """
    process = _FORKING.Process(target=_be, args=(arguments, {**os.environ, **environ}, output), daemon=True)
    process.start()
    return Fork(process)


def _be(arguments: tuple[str, ...], environ: dict[str, str], output: Path | None) -> None:
    os.setsid()
    children.die_with_parent()
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    if output:
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stdout.fileno())
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(str(ROOT / arguments[0]), run_name="__main__")
