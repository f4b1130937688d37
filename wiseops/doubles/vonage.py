"""A double of Vonage: the Messages API, calls as far as starting one, and signed webhooks back to us."""

from __future__ import annotations

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import jwt
import requests

from wiseops.doubles import vonage_statuses as statuses
from wiseops.doubles.http import Answer, Request, Server
from wiseops.doubles.orders import Order, Sink
from wiseops.doubles.vonage_calls import Calls

REFUSALS = {
    401: "Unauthorized",
    402: "Low balance",
    403: "Forbidden",
    404: "Not found",
    422: "Invalid params",
    429: "Rate limit hit",
}
TAKING = ("accept", "delay", "drip", "empty")


@dataclass(slots=True)
class VonageDouble:
    """`statuses` are posted to a message's webhook address in this order, each `times` times; none: silence.

    The same goes for a call whose debtor ends it with `call_end`, `pace` seconds between its events.
    """

    port: int = 0
    secret: str = "a-secret-that-only-a-double-would-use"  # noqa: S105
    statuses: Sequence[str] = ()
    times: int = 1
    call_end: str = ""
    pace: float = 0.0
    sink: Sink = field(default_factory=Sink)
    calls: Calls = field(init=False)
    answers: list[int] = field(default_factory=list)
    _server: Server = field(init=False)
    _over: threading.Event = field(init=False, default_factory=threading.Event)
    _posting: ThreadPoolExecutor = field(init=False, default_factory=lambda: ThreadPoolExecutor(2))

    def __post_init__(self) -> None:
        self.calls = Calls(self.post, self._over, self.call_end, self.pace)

    def __enter__(self) -> VonageDouble:
        self._server = Server(self.port, self.sink, self._serve)
        self._server.more = {"status": self._status_asked, "inbound": self._inbound_asked}
        self._server.more["calls"] = self._calls_asked
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._server.stop()
        self._posting.shutdown(cancel_futures=True)

    @property
    def address(self) -> str:
        """Where it listens: host and port."""
        return self._server.address

    def tell(self, *orders: Order) -> None:
        """What it does with the next messages, in place of what it was told before."""
        self.sink.tell(*orders)

    def post(self, url: str, event: dict[str, Any]) -> int:
        """Calls a webhook as Vonage does; answers the HTTP status, 0 for none."""
        body = json.dumps(event).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.signed(body)}"}
        try:
            status = requests.post(url, data=body, headers=headers, timeout=10).status_code
        except requests.RequestException:
            status = 0
        self.answers.append(status)
        return status

    def signed(self, body: bytes) -> str:
        """The token over a body."""
        claims = {"iss": "Vonage", "iat": int(time.time()), "jti": str(uuid.uuid4()), "api_key": "double"}
        claims["payload_hash"] = hashlib.sha256(body).hexdigest()
        return jwt.encode(claims, self.secret, algorithm="HS256")

    def _serve(self, request: Request, body: bytes) -> None:
        try:
            scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
            claims = jwt.decode(token, options={"verify_signature": False}) if scheme == "Bearer" else {}
        except jwt.InvalidTokenError:
            claims = {}
        if "application_id" not in claims:
            request.answer(401, {"title": "Unauthorized"})
        elif request.command == "PUT" and request.path.startswith("/v1/calls/"):
            self._hang_up(request)
        elif request.path == "/v1/calls":
            self._call(request, json.loads(body))
        elif request.path == "/v1/messages":
            self._message(request, json.loads(body))
        else:
            request.answer(404, {"title": "Not found"})

    def _message(self, request: Request, message: dict[str, Any]) -> None:
        ref, number = str(message.get("client_ref", "")), str(uuid.uuid4())
        order = self.sink.order(about=str(message.get("to", "")))
        taken = self._obey(request, order, ref, {**message, "message_uuid": number})
        if taken:
            request.answer(202, None if order.act == "empty" else {"message_uuid": number}, pause=order.pause)
            self._posting.submit(self._post_statuses, message, number)

    def _call(self, request: Request, call: dict[str, Any]) -> None:
        """Its reference is the one in the address that its events go to."""
        ref = str(call["event_url"][0]).rpartition("call=")[2].partition("&")[0]
        order = self.sink.order(at="call")
        answer = self.calls.start(call) if order.keep or order.act in TAKING else {}
        row = self.calls.rows[-1] if answer else {}
        if self._obey(request, order, ref, row):
            request.answer(201, None if order.act == "empty" else answer, pause=order.pause)
        if row:
            self._posting.submit(self.calls.play, row)

    def _hang_up(self, request: Request) -> None:
        row = self.calls.hung_up(request.path.rpartition("/")[2])
        request.answer(204 if row else 404, None if row else {"title": REFUSALS[404]})
        if row:
            self._posting.submit(self.calls.close, row)

    def _obey(self, request: Request, order: Order, ref: str, taken: dict[str, Any]) -> bool:
        """Whether it is left to say yes to what was asked."""
        self.sink.ask(ref)
        if order.act == "delay":
            self._over.wait(order.seconds)
        if order.keep or order.act in TAKING:
            self.sink.take(ref, taken)
        if order.act == "hang":
            self._over.wait(order.seconds or None)
        if order.act in ("drop", "hang"):
            request.drop()
        elif order.act == "refuse":
            words = {"title": REFUSALS.get(order.code, "Error"), "instance": ref}
            request.answer(order.code, words, retry_after=int(order.seconds))
        else:
            return True
        return False

    def _post_statuses(self, message: dict[str, Any], number: str) -> None:
        for status in self.statuses:
            for _time in range(self.times):
                self.post(str(message.get("webhook_url")), statuses.of(message, number, status))

    def _status_asked(self, given: dict[str, Any]) -> Answer:
        """POST {"message_uuid", "status"}: one more status of a message that is here."""
        for message in self.sink.kept:
            if message["message_uuid"] == given["message_uuid"]:
                event = statuses.of(message, message["message_uuid"], given["status"])
                return 200, {"answered": self.post(message["webhook_url"], event)}
        return 404, {"error": "There is no such message."}

    def _inbound_asked(self, given: dict[str, Any]) -> Answer:
        """POST {"url", "from", "to", "text"}: somebody writes to us."""
        event = {
            "channel": "sms",
            "message_uuid": str(uuid.uuid4()),
            "to": given["to"],
            "from": given["from"],
            "timestamp": statuses.stamp(),
            "message_type": "text",
            "text": given["text"],
            "sms": {"num_messages": "1"},
        }
        return 200, {"answered": self.post(given["url"], event), "message_uuid": event["message_uuid"]}

    def _calls_asked(self, given: Any) -> Answer:
        """GET: every call. POST {"uuid", "leg", "status"}: one more event of it."""
        for row in self.calls.rows if given else ():
            if row["uuid"] == given["uuid"]:
                return 200, {"answered": self.calls.say(row, given["leg"], given["status"])}
        return (404, {"error": "There is no such call."}) if given else (200, self.calls.rows)
