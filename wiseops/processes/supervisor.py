"""Starts Valkey, web and worker, starts again what falls, and stops every one of them when it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from http import HTTPStatus
from types import FrameType

from wiseops import config as configuration
from wiseops import logs
from wiseops.app import create_app
from wiseops.config import Config, Misconfigured
from wiseops.domain.demo import Login
from wiseops.processes import children, release, valkey

STOPS_WITHIN = 10.0
FALLS_ALLOWED = 5
FALLS_FORGOTTEN_AFTER = 60.0
EVERYWHERE = "0.0.0.0"  # noqa: S104
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
COMMANDS = {
    "web": [
        *(sys.executable, "-m", "gunicorn", "--config", "python:wiseops.processes.web", "--log-level", "warning"),
        "wiseops.app:create_app()",
    ],
    "worker": [sys.executable, str(configuration.ROOT / "worker.py")],
}


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


class Supervisor:
    """Keeps Valkey and the COMMANDS running."""

    def __init__(self, config: Config, host: str) -> None:
        self._config = config
        self._environ = {"REDIS_URL": config.doorbell_url or "", "WISEOPS_BIND": host}
        self._server: subprocess.Popen[bytes] | None = None
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._falls: list[float] = []

    def start(self) -> None:
        self._server = valkey.ensure(self._config)
        for name in COMMANDS:
            self._start(name)

    def watch(self, is_enough: Callable[[], bool]) -> None:
        """Starts again what falls, until it is enough; gives up when something falls again and again."""
        while not is_enough():
            time.sleep(0.2)
            if self._server and self._server.poll() is not None:
                self._fell("valkey")
                self._server = valkey.ensure(self._config)
            for name in [name for name, process in self._running.items() if process.poll() is not None]:
                self._fell(name)
                self._start(name)

    def stop(self) -> None:
        children.stop(self._running.values(), STOPS_WITHIN)
        children.stop([self._server] if self._server else [], STOPS_WITHIN)

    def _start(self, name: str) -> None:
        self._running[name] = children.start(COMMANDS[name], **self._environ)

    def _fell(self, name: str) -> None:
        now = time.monotonic()
        self._falls = [at for at in self._falls if now - at < FALLS_FORGOTTEN_AFTER] + [now]
        if len(self._falls) > FALLS_ALLOWED:
            raise Misconfigured(f"{name} ended again and again within a minute; the reason is above.")
        say(f"{name} ended; starting it again")


def main(kind: str) -> int:
    """`run` on a desk: demo book, this machine only. `serve` in a container."""
    children.die_with_parent()
    logs.configure()
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        _run("127.0.0.1" if kind == "run" else EVERYWHERE, demo=kind == "run" and os.environ.get("WISEOPS_DEMO") != "0")
    except Stopped:
        return 0
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0


def _run(host: str, *, demo: bool) -> None:
    os.environ["PORT"] = str(choose_port(configuration.environment().get("PORT"), host))
    config = configuration.read()
    app = create_app(config)
    say("Bringing the database up to date")
    release.migrate(app)
    release.check_live_mode(app)
    if demo and not config.is_production:
        release.fill_if_new(app)
    supervisor = Supervisor(config, host)
    try:
        say("Starting Valkey, web and worker")
        supervisor.start()
        supervisor.watch(_answers)
        _welcome(config, release.logins(app))
        supervisor.watch(lambda: False)
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        say("Stopping")
        supervisor.stop()


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
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_free(port: int, host: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PORT']}/healthz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _welcome(config: Config, logins: Sequence[Login]) -> None:
    say(f"\n  wiseops is at {config.public_url}\n")
    for login in logins:
        say(f"  {login.role:<10} {login.email:<24} {login.password}")
    if not logins:
        say("  Let someone in: .venv/bin/flask users create you@example.com --role admin")
    say("\n  Ctrl-C stops everything.\n")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
