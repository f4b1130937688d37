"""The doubles' own HTTP: a small server on loopback, and the control page that every double has."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wiseops.doubles.orders import Order, Sink

Answer = tuple[int, Any]


class Request(BaseHTTPRequestHandler):
    """One request, its body read. `/double/…` is the control, everything else the provider's."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_PUT(self) -> None:
        self.do_POST()

    def answer(self, status: int, content: Any = None, *, pause: float = 0.0, retry_after: int = 0) -> None:
        """JSON, or nothing at all; with a `pause` after each byte; asks to be left alone for `retry_after` seconds."""
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        if not pause:
            self.end_headers()
            self.wfile.write(body)
            return
        line, self.wfile = self.wfile, io.BytesIO()
        self.end_headers()
        head, self.wfile = self.wfile.getvalue(), line
        for byte in head + body:
            line.write(bytes([byte]))
            time.sleep(pause)

    def drop(self) -> None:
        """Ends the connection without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: texts and numbers are in these requests."""

    def _serve(self, body: bytes) -> None:
        if not self.path.startswith("/double/"):
            self.server.provider(self, body)
            return
        try:
            self.answer(*self.server.control(self.path.removeprefix("/double/"), json.loads(body or b"null")))
        except (ValueError, TypeError, KeyError) as wrong:
            self.answer(400, {"error": str(wrong)})


class Server(ThreadingHTTPServer):
    """Serves in a thread of its own while it is entered. Port 0 is any free one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, sink: Sink, provider: Callable[[Request, bytes], None]) -> None:
        super().__init__(("127.0.0.1", port), Request)
        self.provider, self.sink = provider, sink
        self.more: dict[str, Callable[[Any], Answer]] = {}
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""

    def control(self, path: str, given: Any) -> Answer:
        """GET counts, messages, orders; POST orders (a list, in place of those before)."""
        if path == "counts":
            return 200, self.sink.counts()
        if path == "messages":
            return 200, list(self.sink.kept)
        if path == "orders":
            if given is not None:
                self.sink.tell(*(Order(**order) for order in given))
            return 200, [asdict(order) for order in self.sink.orders]
        if path in self.more:
            return self.more[path](given)
        return 404, {"error": "Ask for counts, messages or orders.", "also": sorted(self.more)}


def nobody(request: Request, _body: bytes) -> None:
    """A provider that is not there: only the control is served."""
    request.answer(404, {"error": "This port is only the control."})
