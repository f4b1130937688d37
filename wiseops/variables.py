"""One variable of the environment at a time: what it says, or what is wrong with it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

LONGEST_NUMBER = 9
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Misconfigured(Exception):
    """The environment cannot start this program; the message says what to set."""


def database_url(url: str | None, data_dir: Path) -> str:
    """With the driver that we have; without any, a file in the data folder."""
    if not url:
        return f"sqlite:///{data_dir / 'wiseops.sqlite'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if not url.startswith(("sqlite://", "postgresql+psycopg://")):
        raise Misconfigured("DATABASE_URL must begin with postgres://, postgresql:// or sqlite://.")
    return url


def redis_url(url: str | None) -> str | None:
    """Where a Redis listens, if one is named. It may hold a password, so no message repeats it."""
    if url and not (url.startswith(("redis://", "rediss://", "unix://")) and _is_readable(url)):
        raise Misconfigured("REDIS_URL must read redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH.")
    return url or None


def public_url(url: str | None, port: str) -> str:
    """Where people and providers find us, without the last slash; this machine where it says nothing."""
    url = url or f"http://127.0.0.1:{port}"
    if not _is_address(url, ("http", "https")):
        raise Misconfigured("PUBLIC_URL must begin with http:// or https://, such as https://collect.example.com.")
    return url.rstrip("/")


def _is_readable(url: str) -> bool:
    """Whether the port is a number, if it names one."""
    try:
        _port = urlsplit(url).port
    except ValueError:
        return False
    return True


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def development_key(env: str, data_dir: Path) -> str:
    """Made once and kept in the data folder; production brings its own."""
    if env == "production":
        raise Misconfigured("Set SECRET_KEY to a long random string.")
    data_dir.mkdir(parents=True, exist_ok=True)
    key = data_dir / "secret_key"
    if not key.exists():
        # Linked into place whole: web and worker may start at the same moment and must agree.
        draft = data_dir / f"secret_key.{os.getpid()}"
        draft.write_text(secrets.token_hex(32))
        draft.chmod(0o600)
        with suppress(FileExistsError):
            os.link(draft, key)
        draft.unlink()
    return key.read_text()


def private_key(given: str) -> str:
    """A PEM text, its line ends perhaps written as \\n, or the path of a file that holds one."""
    if not given or "-----BEGIN" in given:
        return given.replace("\\n", "\n")
    try:
        return Path(given).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured("VONAGE_PRIVATE_KEY is neither a PEM key nor a file that can be read.") from error


def loopback(url: str) -> str:
    """The host and port of a double on this machine; nothing where none is named."""
    parts = urlsplit(url)
    if url and (parts.scheme != "http" or parts.hostname not in LOOPBACK or not parts.port):
        raise Misconfigured("VONAGE_API_HOST may only be http://127.0.0.1:PORT, a double on this machine.")
    return parts.netloc


def one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """What it says, the first of those allowed where it says nothing."""
    value = environ.get(name) or allowed[0]
    if value not in allowed:
        raise Misconfigured(f"{name}={value} is not known. Choose one of: {', '.join(allowed)}.")
    return value


def whole(environ: Mapping[str, str], name: str, default: int, within: range) -> int:
    """What it counts."""
    value = environ.get(name) or str(default)
    if not value.isdecimal() or len(value) > LONGEST_NUMBER or int(value) not in within:
        raise Misconfigured(f"{name}={value} must be a whole number from {within[0]} to {within[-1]}.")
    return int(value)
