"""SMS through Vonage's Messages API: one request a message, and a clear word on what became of it."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import ValidationError
from requests.exceptions import ConnectionError as Dropped
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed

if TYPE_CHECKING:
    from vonage import Vonage

HOST = "api.nexmo.com"
TOTAL = 20.0
"""Seconds of a whole request, connecting included: below DEADLINE."""

STATUSES = {
    401: (Failure.CHANNEL, "Vonage does not accept our key."),
    402: (Failure.CHANNEL, "Vonage says that the balance is too low."),
    403: (Failure.CHANNEL, "Vonage does not allow this application to send."),
    404: (Failure.CHANNEL, "Vonage does not know this application or address."),
    422: (Failure.REJECTED, "Vonage refused the message"),
    429: (Failure.TRY_LATER, "Vonage takes no more at the moment."),
}
"""What an answer means. Any other, 5xx among them, may hide a message that was taken."""

_UNCLEAR = "Vonage gave no clear answer"
_PERSONAL = re.compile(r"\+?\d[\d ]{4,}\d|\S+@\S+")
_log = structlog.get_logger(__name__)


class BadKey(Exception):
    """The private key cannot be used."""


@dataclass(frozen=True, slots=True)
class Account:
    """Our application at Vonage. `plain_host` is a double on this machine, spoken to over http."""

    application_id: str
    private_key: str
    number: str
    webhook_url: str
    plain_host: str = ""


@dataclass(slots=True)
class SmsVonage:
    """Each thread has a client of its own: the SDK's is not safe to share."""

    account: Account
    total: float = TOTAL
    name: str = "vonage"
    reaches_people: bool = True
    _key: RSAPrivateKey = field(init=False)
    _threads: threading.local = field(init=False, default_factory=threading.local)

    def __post_init__(self) -> None:
        self._key = _parsed(self.account.private_key)

    def warm(self) -> None:
        """Makes this thread's client now: importing the SDK takes a second that no pause should wait for."""
        self._client()

    def send(self, outbound: Outbound) -> Accepted:
        """One POST, never repeated here."""
        from vonage import VonageError
        from vonage_messages.models import Sms

        try:
            sms = Sms(
                to=outbound.to.removeprefix("+"),
                from_=(outbound.sender or self.account.number).removeprefix("+"),
                text=outbound.body,
                client_ref=outbound.ref,
                webhook_url=self.account.webhook_url,
            )
        except ValidationError as wrong:
            fields = ", ".join(sorted({str(error["loc"][0]) for error in wrong.errors()}))
            raise SendFailed(Failure.REJECTED, f"Vonage would not take this: {fields}.") from None
        try:
            return Accepted(self._client().messages.send(sms).message_uuid)
        except VonageError as error:
            raise _answered(error, outbound.ref) from None
        except (RequestException, ValidationError, TypeError, ValueError, OSError) as error:
            raise _unanswered(error, outbound.ref) from None

    def _client(self) -> Vonage:
        client: Vonage | None = getattr(self._threads, "client", None)
        if client is None:
            client = self._threads.client = self._connected()
        return client

    def _connected(self) -> Vonage:
        """A client that neither retries, nor follows redirects, nor waits for ever, nor logs texts and numbers."""
        from vonage import Auth, HttpClientOptions, Vonage

        from wiseops.adapters.wires import Wire

        logging.getLogger("vonage").setLevel(logging.CRITICAL)
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        auth = Auth(application_id=self.account.application_id, private_key=pem)
        auth._jwt_client._private_key = self._key  # The SDK would parse the text again for each request: 57 ms.
        # A pool of one: on a dropped connection the SDK posts again as often as its pool is large.
        options = HttpClientOptions(
            api_host=self.account.plain_host or HOST, timeout=int(self.total), max_retries=0, pool_maxsize=1
        )
        client = Vonage(auth, options)
        session = client.http_client._session
        session.max_redirects = 0
        session.trust_env = not self.account.plain_host
        session.mount("https://", Wire(self.total, plain_host=self.account.plain_host))
        return client


def _parsed(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:
        raise BadKey("no PEM key without a password") from error
    if not isinstance(key, RSAPrivateKey):
        raise BadKey("no RSA key")
    return key


def _answered(error: Any, ref: str) -> SendFailed:
    """What an HTTP answer says."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if status not in STATUSES:
        _log.error("sms_unclear", ref=ref, status=status, error=type(error).__name__)
        return SendFailed(Failure.UNKNOWN, f"{_UNCLEAR} ({status or type(error).__name__}).")
    failure, words = STATUSES[status]
    if failure is Failure.REJECTED:
        return SendFailed(failure, f"{words}: {_title(response)}.")
    return SendFailed(failure, words)


def _title(response: Any) -> str:
    """The provider's short reason, without anything that looks like a number or an address."""
    try:
        title = str(response.json().get("title", ""))
    except (ValueError, AttributeError):
        title = ""
    return _PERSONAL.sub("…", title)[:80].rstrip(".") or "no reason given"


def _unanswered(error: Exception, ref: str) -> SendFailed:
    """What no answer says: without a connection nothing was accepted; else nobody knows."""
    if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return SendFailed(Failure.CHANNEL, "Vonage's certificate is not to be trusted.")
    cause = error.args[0] if error.args else None
    never_connected = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    if isinstance(error, ConnectTimeout) or (isinstance(error, Dropped) and never_connected):
        return SendFailed(Failure.TRY_LATER, "Vonage could not be reached.")
    _log.error("sms_unclear", ref=ref, error=type(error).__name__)
    return SendFailed(Failure.UNKNOWN, f"{_UNCLEAR} ({type(error).__name__}).")
