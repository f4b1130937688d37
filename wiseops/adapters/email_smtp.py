"""E-mail through an SMTP server: one deadline a message, verified TLS, and a clear word on what became of it."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
import time
from dataclasses import dataclass, field

import flask_mail
import structlog
from flask import current_app

from wiseops.adapters import letters
from wiseops.adapters.conversations import CLOSING, Conversation
from wiseops.adapters.letters import Letter
from wiseops.config import IMPLICIT_TLS
from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed

TOTAL = 25.0
"""Seconds of a whole conversation, connecting included: below DEADLINE."""

IDLE = 20.0
MOST = 100
TOO_LARGE = 552
NEEDS_LOGIN = (530, 535)
_CLEARER = re.compile(rb"\d\.\d{1,3}\.\d{1,3}")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """Whom we hand mail to, and `name`, the one we go by there."""

    host: str
    port: int
    name: str
    username: str = ""
    password: str = ""
    starttls: bool = False


class _Line(flask_mail.Connection):
    """flask-mail's connection with a deadline, TLS that is checked, and an answer for each addressee."""

    host: Conversation | None

    def __init__(self, server: Server, context: ssl.SSLContext) -> None:
        super().__init__(current_app.extensions["mail"])
        self.server, self.context = server, context
        self.used_at = 0.0
        self.until = 0.0

    def configure_host(self) -> Conversation:
        """A conversation in which mail may be handed over."""
        self.host = Conversation(self.server.name, until=self.until)
        is_implicit = self.server.port == IMPLICIT_TLS
        self.host.open(self.server.host, self.server.port, tls=self.context if is_implicit else None)
        if self.server.starttls and not is_implicit:
            self.host.secure(self.context)
        if self.server.username:
            self.host.login(self.server.username, self.server.password)
        return self.host

    def hand_over(self, letter: Letter) -> int:
        """Answers how many copies were refused. A reused connection that turns out to be dead is opened once more."""
        is_reused = self.host is not None
        host = self.host or self.configure_host()
        host.until = self.until
        try:
            return host.deliver(letter.sender, letter.to, letter.copies, letter.content)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPSenderRefused) as error:
            is_dead = isinstance(error, smtplib.SMTPServerDisconnected) or error.smtp_code == CLOSING
            if not (is_reused and is_dead and host.stage == "mail" and not host.timed_out):
                raise
            host.close()
            return self.configure_host().deliver(letter.sender, letter.to, letter.copies, letter.content)

    def close(self) -> None:
        """Leaves, politely if that costs nothing."""
        if self.host is not None:
            self.host.leave()
        self.host = None


@dataclass(slots=True)
class EmailSmtp:
    """Each thread has a connection of its own, kept from one message to the next. Needs the app's context."""

    server: Server
    default_sender: str = ""
    total: float = TOTAL
    idle: float = IDLE
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    name: str = "smtp"
    reaches_people: bool = True
    _threads: threading.local = field(init=False, default_factory=threading.local)

    def send(self, outbound: Outbound) -> Accepted:
        """One message to one addressee; copies go with it, and a refused copy does not stop it."""
        letter = letters.write(outbound, default_sender=self.default_sender)
        line = self._line()
        line.until = time.monotonic() + self.total
        try:
            refused = line.hand_over(letter)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            failed = _failed(error, line.host, outbound.ref)
            self._settle(line, error)
            raise failed from None
        line.num_emails += 1
        line.used_at = time.monotonic()
        return Accepted(letter.message_id, f"cc_refused: {refused}" if refused else "")

    def close(self) -> None:
        """Ends this thread's connection."""
        line: _Line | None = getattr(self._threads, "line", None)
        if line is not None:
            line.close()

    def _line(self) -> _Line:
        line: _Line | None = getattr(self._threads, "line", None)
        if line is None:
            line = self._threads.line = _Line(self.server, self.context)
        if line.host is not None and (line.num_emails >= MOST or time.monotonic() - line.used_at > self.idle):
            line.close()
        if line.host is None:
            line.num_emails = 0
        return line

    def _settle(self, line: _Line, error: Exception) -> None:
        """After a plain refusal the talk goes on; after anything else it is over."""
        host = line.host
        is_refusal = isinstance(
            error, (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
        )
        if host is not None and is_refusal and not host.timed_out:
            try:
                if host.rset()[0] == 250:
                    line.used_at = time.monotonic()
                    return
            except (smtplib.SMTPException, OSError):
                pass
        if host is not None:
            host.close()
        line.host = None


def _failed(error: Exception, host: Conversation | None, ref: str) -> SendFailed:
    """What is known of the message now."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return SendFailed(Failure.CHANNEL, "The mail server's certificate is not to be trusted.")
    cannot = isinstance(error, (smtplib.SMTPNotSupportedError, ssl.SSLError)) or type(error) is smtplib.SMTPException
    if cannot and not (host and host.stage == "data"):
        return SendFailed(Failure.CHANNEL, "The mail server does not offer what is set: TLS, or signing in.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, reply),) = error.recipients.values()
        return _refused(code, reply, at="rcpt", ref=ref)
    if isinstance(error, smtplib.SMTPResponseException):
        at = {smtplib.SMTPSenderRefused: "mail", smtplib.SMTPDataError: "data"}.get(type(error), "talk")
        return _refused(error.smtp_code, error.smtp_error, at=at, ref=ref)
    stage = host.stage if host else "connect"
    timed_out = host is not None and host.timed_out
    if stage == "data" or (timed_out and stage != "connect"):
        _log.error("email_unclear", ref=ref, stage=stage, error=type(error).__name__)
        return SendFailed(Failure.UNKNOWN, "The mail server gave no clear answer in time.", timed_out=timed_out)
    return SendFailed(Failure.TRY_LATER, "The mail server could not be reached.", timed_out=timed_out)


def _refused(code: int, reply: bytes | str, *, at: str, ref: str) -> SendFailed:
    """What a reply means at that moment of the talk."""
    found = _CLEARER.match(reply if isinstance(reply, bytes) else reply.encode())
    said = f"{code} {found[0].decode()}" if found else str(code)
    if 400 <= code < 500:
        return SendFailed(Failure.TRY_LATER, f"The mail server takes it later ({said}).")
    if 500 <= code < 600 and (at in ("rcpt", "data") or code == TOO_LARGE) and code not in NEEDS_LOGIN:
        who = "the address" if at == "rcpt" else "the message"
        return SendFailed(Failure.REJECTED, f"The mail server refused {who} ({said}).")
    if 500 <= code < 600:
        what = {"mail": "the sender"}.get(at, "us")
        return SendFailed(Failure.CHANNEL, f"The mail server refuses {what} ({said}).")
    _log.error("email_unclear", ref=ref, stage=at, code=code)
    return SendFailed(Failure.UNKNOWN, f"The mail server gave no clear answer ({said}).")
