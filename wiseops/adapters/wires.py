"""The wire under an HTTP client: one deadline a request, no retries, and plain http to this machine only."""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT = 5.0


class Wire(HTTPAdapter):
    """Bounds connecting and answering together. `plain_host` is the authority of a double on this machine."""

    def __init__(self, total: float, *, plain_host: str = "") -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self._total = total
        self._plain = f"https://{plain_host}/" if plain_host else None

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """The timeout that the client asks for is replaced by ours."""
        if self._plain and request.url and request.url.startswith(self._plain):
            request.url = "http" + request.url.removeprefix("https")
        kwargs["timeout"] = Timeout(connect=min(CONNECT, self._total), total=self._total)
        return super().send(request, *args, **kwargs)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Connections whose answers are over in time."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _Secure if pool.scheme == "https" else _Plain
        return pool


class _Answer(HTTPResponse):
    """An answer that has as long as the socket waits, when it begins, for a single read.

    urllib3 sets that to what is left of the total, and a server that sends a byte a second would never trip it.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Reads(sock, self.fp.detach()))


class _Plain(HTTPConnection):
    response_class = _Answer


class _Secure(HTTPSConnection):
    response_class = _Answer


class _Reads(io.RawIOBase):
    """Reads from `raw`, which is the socket's, until the socket's time is up: that of all reads together."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock, self._raw = sock, raw
        wait = sock.gettimeout()
        self._until = None if wait is None else time.monotonic() + wait

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._until is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError("The deadline is over.")
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
