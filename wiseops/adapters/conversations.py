"""A conversation with a mail server that is over at a moment, whatever the server does."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

CLOSING = 421
_TAKEN = (250, 251)
_CHUNK = 64 * 1024
_LEAVING = 0.5


class Conversation(smtplib.SMTP):
    """`until` is the monotonic moment at which it ends; set it anew for each message.

    A socket's own time-out is for one operation, and a server that sends a byte a second never trips it: here what
    is left of the whole is set before each. `stage`: connect, talk, mail, rcpt, data; the last may have been accepted.
    """

    file: Any
    sock: Any

    def __init__(self, name: str, *, until: float) -> None:
        super().__init__(local_hostname=name)
        self.until, self.stage, self.timed_out = until, "connect", False
        self._context: ssl.SSLContext | None = None

    def open(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        """Connects, with TLS from the first byte on if given."""
        self._host, self._context = host, tls
        code, reply = self.connect(host, port)
        if code != 220:
            self.close()
            raise smtplib.SMTPConnectError(code, reply)

    def secure(self, context: ssl.SSLContext) -> None:
        """STARTTLS; a server without it is refused, and so is a certificate that does not prove the host."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("no STARTTLS")
        code, reply = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, reply)
        self.sock = self._encrypted(self.sock, context)
        # What was said before encryption counts for nothing.
        self.file = self.helo_resp = self.ehlo_resp = None
        self.esmtp_features, self.does_esmtp = {}, False

    def deliver(self, sender: str, to: str, copies: Sequence[str], content: bytes) -> int:
        """Hands one message over. Answers how many of the copies were refused; without `to` nothing goes."""
        self.ehlo_or_helo_if_needed()
        self.stage = "mail"
        code, reply = self.mail(sender, [f"size={len(content)}"] if self.has_extn("size") else [])
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, reply, sender)
        self.stage = "rcpt"
        code, reply = self.rcpt(to)
        if code not in _TAKEN:
            raise smtplib.SMTPRecipientsRefused({to: (code, reply)})
        answers = [self.rcpt(copy)[0] for copy in copies]
        if CLOSING in answers:
            raise smtplib.SMTPResponseException(CLOSING, b"")
        self.stage = "data"
        code, reply = self.data(content)
        if code != 250:
            raise smtplib.SMTPDataError(code, reply)
        self.stage = "talk"
        return sum(answer not in _TAKEN for answer in answers)

    def leave(self) -> None:
        """Says goodbye, if the server listens, and closes."""
        self.until = time.monotonic() + _LEAVING
        with suppress(smtplib.SMTPException, OSError):
            self.putcmd("quit")
        self.close()

    def left(self) -> float:
        """Seconds left. Raises TimeoutError where there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            self.timed_out = True
            raise TimeoutError("The deadline is over.")
        return left

    def send(self, s: Any) -> None:
        """Every byte that leaves, in pieces, each within what is left."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else s
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        try:
            for start in range(0, len(data), _CHUNK):
                self.sock.settimeout(self.left())
                self.sock.sendall(data[start : start + _CHUNK])
        except OSError as error:
            self._note(error)
            self.close()
            raise smtplib.SMTPServerDisconnected("not taken") from error

    def getreply(self) -> tuple[int, bytes]:
        """Every byte that comes passes through here."""
        if self.file is None:
            self.file = _Lines(self)
        return super().getreply()

    def receive(self) -> bytes:
        """Some bytes, within what is left."""
        try:
            self.sock.settimeout(self.left())
            return bytes(self.sock.recv(_CHUNK))
        except OSError as error:
            self._note(error)
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The first of the host's addresses that answers in time."""
        problem: OSError = OSError("The mail server has no address.")
        for *_kind, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                connected = socket.create_connection((str(address[0]), int(address[1])), self.left())
            except OSError as error:
                problem = error
                continue
            self.stage = "talk"
            return self._encrypted(connected, self._context) if self._context else connected
        self._note(problem)
        raise problem

    def _encrypted(self, plain: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        try:
            plain.settimeout(self.left())
            return context.wrap_socket(plain, server_hostname=self._host)
        except OSError as error:
            self._note(error)
            plain.close()
            raise

    def _note(self, error: OSError) -> None:
        self.timed_out = self.timed_out or isinstance(error, TimeoutError)


class _Lines:
    """The lines a server says, as smtplib reads them from a file."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation, self._waiting = conversation, bytearray()

    def readline(self, limit: int) -> bytes:
        while (end := self._waiting.find(b"\n") + 1) == 0 and len(self._waiting) < limit:
            if not (piece := self._conversation.receive()):
                break
            self._waiting += piece
        line = bytes(self._waiting[: min(end or limit, limit)])
        del self._waiting[: len(line)]
        return line

    def close(self) -> None:
        self._waiting.clear()
