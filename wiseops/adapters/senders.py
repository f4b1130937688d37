"""Which backend sends on which channel, and which starts calls, as the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wiseops.adapters.email_smtp import EmailSmtp, Server
from wiseops.adapters.outbox_files import OutboxFiles
from wiseops.config import Config, Misconfigured
from wiseops.domain.calls import Caller
from wiseops.domain.messages import Sender

if TYPE_CHECKING:
    from wiseops.adapters.sms_vonage import SmsVonage
    from wiseops.adapters.vonage_clients import Account


def build(config: Config) -> dict[str, Sender]:
    """A sender by channel, and `file`, where a trial without an own address goes."""
    files = OutboxFiles(config.data_dir / "outbox")
    sms: Sender = vonage(config) if config.sms_backend == "vonage" else files
    mail: Sender = smtp(config) if config.email_backend == "smtp" else files
    return {"sms": sms, "email": mail, "file": files}


def vonage(config: Config) -> SmsVonage:
    """Raises Misconfigured where the key is none. What Vonage needs is imported only where Vonage is used."""
    from wiseops.adapters.sms_vonage import SmsVonage
    from wiseops.adapters.vonage_clients import BadKey

    try:
        return SmsVonage(_account(config, "status"))
    except BadKey as error:
        raise Misconfigured(f"VONAGE_PRIVATE_KEY is {error}.") from error


def caller(config: Config) -> Caller | None:
    """What starts calls; nothing where people dial themselves. Raises Misconfigured where the key is none."""
    if config.call_backend != "vonage":
        return None
    from wiseops.adapters.calls_vonage import CallsVonage
    from wiseops.adapters.vonage_clients import BadKey

    try:
        return CallsVonage(_account(config, "voice"))
    except BadKey as error:
        raise Misconfigured(f"VONAGE_PRIVATE_KEY is {error}.") from error


def _account(config: Config, webhook: str) -> Account:
    from wiseops.adapters.vonage_clients import Account

    return Account(
        application_id=config.vonage_application_id,
        private_key=config.vonage_private_key,
        number=config.vonage_number,
        webhook_url=f"{config.public_url}/webhooks/vonage/{webhook}",
        plain_host=config.vonage_api_host,
    )


def smtp(config: Config) -> EmailSmtp:
    """The server goes by what MAIL_… say; we go by the name in PUBLIC_URL."""
    host = urlsplit(config.public_url).hostname or "localhost"
    server = Server(
        host=config.mail_server,
        port=config.mail_port,
        name=host if any(character.isalpha() for character in host) else f"[{host}]",
        username=config.mail_username or "",
        password=config.mail_password or "",
        starttls=config.mail_use_tls,
    )
    return EmailSmtp(server, default_sender=config.mail_default_sender or "")


def warm(senders: Mapping[str, Sender]) -> None:
    """Makes ready, in this thread, what takes long the first time: a call must begin right after its pause was read."""
    for sender in senders.values():
        if hasattr(sender, "warm"):
            sender.warm()
