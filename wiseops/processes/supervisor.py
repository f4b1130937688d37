"""Starts Valkey, web and worker, starts again what falls, and stops every one of them when it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from types import FrameType

from wiseops import config as configuration
from wiseops.config import Config, Misconfigured
from wiseops.processes import children, valkey

STOPS_WITHIN = 10.0
FALLS_ALLOWED = 5
FALLS_FORGOTTEN_AFTER = 60.0


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


class Supervisor:
    """Keeps the commands of `plan` running in the order given."""

    def __init__(self, config: Config, environ: dict[str, str]) -> None:
        self._config = config
        self._environ = environ
        self._server: subprocess.Popen[bytes] | None = None
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._falls: list[float] = []

    def prepare(self, *, demo: bool) -> int:
        """Valkey, the tables and the demo book; answers the exit code of what failed."""
        say("Starting Valkey" if not self._config.redis_url else "Using the Redis of REDIS_URL")
        self._server = valkey.ensure(self._config)
        say("Bringing the database up to date")
        command = [sys.executable, "-m", "wiseops.processes.release", *(["--demo"] if demo else [])]
        self._running["release"] = children.start(command, **self._environ)
        return self._running.pop("release").wait()

    def start(self) -> None:
        say("Starting web and worker")
        for name in _COMMANDS:
            self._start(name)

    def watch(self, is_enough: Callable[[], bool]) -> None:
        """Starts again what falls, until it is enough; gives up when something falls again and again."""
        while not is_enough():
            time.sleep(0.2)
            if self._server and self._server.poll() is not None:
                self._fell("valkey")
                self._server = valkey.ensure(self._config)
            for name, process in self._running.items():
                if process.poll() is not None:
                    self._fell(name)
                    self._start(name)
                    break

    def stop(self) -> None:
        children.stop(self._running.values(), STOPS_WITHIN)
        if self._server:
            children.stop([self._server], STOPS_WITHIN)

    def _start(self, name: str) -> None:
        self._running[name] = children.start(_COMMANDS[name], **self._environ)

    def _fell(self, name: str) -> None:
        now = time.monotonic()
        self._falls = [at for at in self._falls if now - at < FALLS_FORGOTTEN_AFTER] + [now]
        if len(self._falls) > FALLS_ALLOWED:
            raise Misconfigured(f"{name} ended {FALLS_ALLOWED} times within a minute; the reason is above.")
        say(f"{name} ended; starting it again")


_COMMANDS = {
    "web": [
        *(sys.executable, "-m", "gunicorn", "--config", "python:wiseops.processes.web", "--log-level", "warning"),
        "wiseops.app:create_app()",
    ],
    "worker": [sys.executable, str(configuration.ROOT / "worker.py")],
}


def main(kind: str) -> int:
    """`run` on a desk, `serve` in a container."""
    is_desk = kind == "run"
    children.die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    supervisor = None
    try:
        port = choose_port(os.environ.get("PORT"), "127.0.0.1" if is_desk else "0.0.0.0")  # noqa: S104
        os.environ["PORT"] = str(port)
        config = configuration.read()
        supervisor = Supervisor(config, _environ(config, port, is_desk=is_desk))
        if failed := supervisor.prepare(demo=is_desk and os.environ.get("WISEOPS_DEMO") != "0"):
            return failed
        supervisor.start()
        supervisor.watch(lambda: _answers(port))
        _welcome(config)
        supervisor.watch(lambda: False)
    except Stopped:
        say("Stopping")
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if supervisor:
            supervisor.stop()
    return 0


def choose_port(asked: str | None, host: str) -> int:
    """The port asked for, else 5000 or the next one free."""
    if asked:
        if not asked.isdigit() or not _is_free(int(asked), host):
            raise Misconfigured(f"PORT={asked} cannot be used: it is taken or no port number.")
        return int(asked)
    for port in range(5000, 5100):
        if _is_free(port, host):
            if port != 5000:
                say(f"Port 5000 is taken; using {port}")
            return port
    raise Misconfigured("Ports 5000 to 5099 are all taken; set PORT.")


def say(line: str) -> None:
    sys.stdout.write(f"· {line}\n")
    sys.stdout.flush()


def _environ(config: Config, port: int, *, is_desk: bool) -> dict[str, str]:
    url = config.doorbell_url or ""
    return {"REDIS_URL": url, "PORT": str(port), "WISEOPS_BIND": "127.0.0.1" if is_desk else "0.0.0.0"}  # noqa: S104


def _is_free(port: int, host: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _welcome(config: Config) -> None:
    sys.stdout.write(f"\n  wiseops is at {config.public_url}\n\n  Ctrl-C stops everything.\n\n")
    sys.stdout.flush()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
