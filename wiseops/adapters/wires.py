"""The wire under an HTTP client: one deadline a request, no retries, and plain http to this machine only."""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import Timeout

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
