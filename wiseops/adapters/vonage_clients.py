"""Clients of Vonage's SDK, one a thread, and what its errors mean to everyone who calls it."""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from requests.exceptions import ConnectionError as Dropped
from requests.exceptions import ConnectTimeout, SSLError, Timeout
from urllib3.exceptions import MaxRetryError, NewConnectionError, ReadTimeoutError

if TYPE_CHECKING:
    from vonage import Vonage

HOST = "api.nexmo.com"
_PERSONAL = re.compile(r"\+?\d[\d ]{4,}\d|\S+@\S+")


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
class Clients:
    """Each thread has a client of its own: the SDK's is not safe to share. Raises BadKey."""

    account: Account
    total: float
    _key: RSAPrivateKey = field(init=False)
    _threads: threading.local = field(init=False, default_factory=threading.local)

    def __post_init__(self) -> None:
        self._key = _parsed(self.account.private_key)

    def own(self) -> Vonage:
        """This thread's client."""
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


def title(response: Any) -> str:
    """The provider's short reason, without anything that looks like a number or an address."""
    try:
        given = str(response.json().get("title", ""))
    except (ValueError, AttributeError):
        given = ""
    return _PERSONAL.sub("…", given)[:80].rstrip(".") or "no reason given"


def asks_to_wait(response: Any) -> int:
    """Seconds until the provider wants to be asked again; 0 where it does not say so in seconds."""
    given = response.headers.get("Retry-After", "")
    return int(given[:9]) if given.isascii() and given.isdigit() else 0


def is_forged(error: Exception) -> bool:
    """Whoever answered could not prove to be Vonage: nothing was handed over."""
    return isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)


def is_unreachable(error: Exception) -> bool:
    """There was no connection: nothing was accepted."""
    cause = error.args[0] if error.args else None
    never_connected = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    return isinstance(error, ConnectTimeout) or (isinstance(error, Dropped) and never_connected)


def is_silent(error: Exception) -> bool:
    """Nobody answered, or not to the end, until the deadline."""
    cause = error.args[0] if error.args else None
    return isinstance(error, Timeout) or isinstance(cause, ReadTimeoutError)


def _parsed(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:
        raise BadKey("no PEM key without a password") from error
    if not isinstance(key, RSAPrivateKey):
        raise BadKey("no RSA key")
    return key
