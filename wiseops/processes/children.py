"""Child processes that never outlive us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Asks the kernel for SIGTERM the moment the parent is gone, even by SIGKILL. Linux only; elsewhere a no-op."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


BOUND_TO_US: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
    "start_new_session": True,
    "preexec_fn": die_with_parent,
}


def start(command: Sequence[str], **environ: str) -> subprocess.Popen[bytes]:
    """Starts a command that ends when we do, with our output and these additions to the environment."""
    return subprocess.Popen(command, env={**os.environ, **environ}, **BOUND_TO_US)  # noqa: S603


def stop(processes: Iterable[subprocess.Popen[bytes]], within: float) -> None:
    """Ends them together: SIGTERM first, SIGKILL to the whole group of whoever is left after `within` seconds."""
    alive = [process for process in processes if process.poll() is None]
    for process in alive:
        process.terminate()
    until = time.monotonic() + within
    for process in alive:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
