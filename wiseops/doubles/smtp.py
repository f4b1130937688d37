"""A double of a mail server: takes mail on loopback, keeps it, and answers as told at any moment of the talk."""

from __future__ import annotations

import asyncio
import email
import logging
import re
import socket
import ssl
from dataclasses import dataclass, field
from email import policy
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from wiseops.doubles.http import Server, nobody
from wiseops.doubles.orders import Order, Sink

LARGEST = 64 * 1024 * 1024
_ID = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)
_FOR_EVER = 3600.0


@dataclass(slots=True)
class SmtpDouble:
    """`username` and `password`: whom it lets in, everyone if empty. `tls`: it offers STARTTLS with this."""

    port: int = 0
    username: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None
    has_control: bool = False
    control_port: int = 0
    sink: Sink = field(default_factory=Sink)
    connections: int = 0
    _transports: list[asyncio.Transport] = field(init=False, default_factory=list)
    _controller: Controller = field(init=False)
    _control: Server | None = field(init=False, default=None)

    def __enter__(self) -> SmtpDouble:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # It holds addresses and texts.
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._controller = _OnSocket(self, listening)
        self._controller.start()
        self.connections = 0
        if self.has_control:
            self._control = Server(self.control_port, self.sink, nobody)
            self._control.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.cut()
        self._controller.stop()
        if self._control:
            self._control.stop()

    @property
    def control(self) -> str:
        """Where it is told what to do; empty without a control."""
        return self._control.address if self._control else ""

    def tell(self, *orders: Order) -> None:
        """What it does next, in place of what it was told before."""
        self.sink.tell(*orders)

    def cut(self) -> None:
        """Ends every connection without a word, as an impatient server does with idle ones."""
        for transport in self._transports:
            self._controller.loop.call_soon_threadsafe(transport.abort)
        self._transports.clear()

    def mails(self) -> list[email.message.EmailMessage]:
        """What was taken, parsed."""
        return [email.message_from_bytes(kept["raw"], policy=policy.default) for kept in self._raw()]

    def _raw(self) -> list[dict[str, Any]]:
        return [{**kept, "raw": kept["raw"].encode("utf-8", "surrogateescape")} for kept in self.sink.kept]

    def met(self, transport: asyncio.Transport) -> None:
        """Somebody connected."""
        self.connections += 1
        self._transports.append(transport)

    def lets_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        """Whether name and password are right."""
        wanted = LoginPassword(self.username.encode(), self.password.encode())
        return AuthResult(success=given == wanted, handled=False)


class _OnSocket(Controller):
    """Listens on a socket that is bound already."""

    def __init__(self, double: SmtpDouble, listening: socket.socket) -> None:
        self._double, self._listening = double, listening
        more: dict[str, Any] = {"tls_context": double.tls, "require_starttls": double.tls is not None}
        if double.username:
            more |= {"authenticator": double.lets_in, "auth_require_tls": double.tls is not None}
        super().__init__(
            _Handler(double), hostname="127.0.0.1", port=double.port, data_size_limit=LARGEST, ident="double", **more
        )

    def factory(self) -> SMTP:
        return _Talk(self._double, self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


class _Talk(SMTP):
    """One connection; asks before it greets and before it says that data may come."""

    def __init__(self, double: SmtpDouble, handler: _Handler, **more: Any) -> None:
        super().__init__(handler, **more)
        self._double, self._has_greeted = double, False

    def connection_made(self, transport: Any) -> None:
        self._double.met(transport)
        super().connection_made(transport)

    async def push(self, status: Any) -> None:
        if not self._has_greeted:
            self._has_greeted = True
            status = await obey(self._double.sink.order("connect"), self) or status
        await super().push(status)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        refusal = await obey(self._double.sink.order("data"), self)
        if refusal:
            await self.push(refusal)
        else:
            await super().smtp_DATA(arg)


class _Handler:
    """What aiosmtpd asks at each step."""

    def __init__(self, double: SmtpDouble) -> None:
        self._sink, self._is_closed = double.sink, bool(double.username)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._is_closed and not session.authenticated:
            return "530 5.7.0 Authentication required"
        refusal = await obey(self._sink.order("mail", address), server)
        if not refusal:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return refusal or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = await obey(self._sink.order("rcpt", address), server)
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = bytes(envelope.original_content or b"")
        found = _ID.search(raw.partition(b"\r\n\r\n")[0])
        ref = found[1].decode("ascii", "replace") if found else ""
        self._sink.ask(ref)
        order = self._sink.order("message", envelope.rcpt_tos[0])
        if order.keep or order.act in ("accept", "delay", "empty"):
            content = raw.decode("utf-8", "surrogateescape")
            kept = {"message_id": ref, "from": envelope.mail_from, "to": list(envelope.rcpt_tos), "raw": content}
            self._sink.take(ref, kept)
        return await obey(order, server) or "250 OK"


async def obey(order: Order, server: SMTP) -> str:
    """Does what was ordered; the answer to give instead, or nothing."""
    if order.act == "refuse":
        if order.code == 421 and server.transport is not None:
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
        return f"{order.code} told so"
    if order.act == "drop" and isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    if order.act in ("drop", "hang"):
        await asyncio.sleep(order.seconds or _FOR_EVER)
    if order.act == "delay":
        await asyncio.sleep(order.seconds)
    return ""
