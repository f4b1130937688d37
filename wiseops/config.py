"""One frozen Config, read from the environment and checked at start."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import load_dotenv

from wiseops import variables
from wiseops.variables import Misconfigured as Misconfigured

ROOT = Path(__file__).parent.parent
ENVIRONMENTS = ("development", "test", "production")
SMS_BACKENDS = ("file", "vonage")
EMAIL_BACKENDS = ("file", "smtp")
CALL_BACKENDS = ("link", "vonage")
IMPLICIT_TLS = 465
LONGEST_SOCKET = 100
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the environment decides. Names are those of the variables, in lower case."""

    env: str
    data_dir: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    public_url: str
    sms_backend: str
    email_backend: str
    call_backend: str
    trusted_proxies: int
    mail_server: str
    mail_port: int
    mail_username: str | None
    mail_password: str | None
    mail_use_tls: bool
    mail_default_sender: str | None
    vonage_application_id: str
    vonage_private_key: str
    vonage_signature_secret: str
    vonage_number: str
    vonage_api_host: str
    metrics_token: str | None
    import_max_mb: int
    email_webhook_user: str | None
    email_webhook_password: str | None
    sendgrid_webhook_public_key: str | None

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def doorbell_url(self) -> str | None:
        """Where Redis listens: the given one, else the embedded one; none in a test."""
        if self.redis_url or self.env == "test":
            return self.redis_url
        return f"unix://{self.valkey_socket}"

    @property
    def valkey_socket(self) -> Path:
        """The embedded server's socket, somewhere short if the data folder's path is too long for one."""
        socket = self.data_dir / "valkey.sock"
        if len(os.fsencode(socket)) <= LONGEST_SOCKET:
            return socket
        short = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(f"/tmp/wiseops-{os.getuid()}-{short}/valkey.sock")  # noqa: S108

    def missing_for_live(self) -> str | None:
        """What stands in the way of live mode, in words for an admin: files reach nobody."""
        if self.is_production and "file" in (self.sms_backend, self.email_backend):
            return "Live mode needs real senders: set SMS_BACKEND=vonage and EMAIL_BACKEND=smtp."
        return None


def environment() -> Mapping[str, str]:
    """The process' environment, and what a `.env` file adds to it: the same for flask, web and worker."""
    load_dotenv(ROOT / ".env")
    return os.environ


def read(environ: Mapping[str, str] | None = None) -> Config:
    """Reads and checks the environment. Raises Misconfigured with the variable to set."""
    environ = environment() if environ is None else environ
    env = variables.one_of(environ, "WISEOPS_ENV", ENVIRONMENTS)
    data_dir = Path(environ.get("WISEOPS_DATA_DIR") or ROOT / "var").resolve()
    config = Config(
        env=env,
        data_dir=data_dir,
        database_url=variables.database_url(environ.get("DATABASE_URL"), data_dir),
        redis_url=variables.redis_url(environ.get("REDIS_URL")),
        secret_key=environ.get("SECRET_KEY") or variables.development_key(env, data_dir),
        public_url=variables.public_url(environ.get("PUBLIC_URL"), environ.get("PORT") or "5000"),
        sms_backend=variables.one_of(environ, "SMS_BACKEND", SMS_BACKENDS),
        email_backend=variables.one_of(environ, "EMAIL_BACKEND", EMAIL_BACKENDS),
        call_backend=variables.one_of(environ, "CALL_BACKEND", CALL_BACKENDS),
        trusted_proxies=variables.whole(environ, "TRUSTED_PROXIES", 0, range(11)),
        mail_server=environ.get("MAIL_SERVER", "127.0.0.1"),
        mail_port=variables.whole(environ, "MAIL_PORT", 25, range(1, 65_536)),
        mail_username=environ.get("MAIL_USERNAME") or None,
        mail_password=environ.get("MAIL_PASSWORD") or None,
        mail_use_tls=environ.get("MAIL_USE_TLS", "").lower() in ("1", "true", "yes"),
        mail_default_sender=environ.get("MAIL_DEFAULT_SENDER") or None,
        vonage_application_id=environ.get("VONAGE_APPLICATION_ID", ""),
        vonage_private_key=variables.private_key(environ.get("VONAGE_PRIVATE_KEY", "")),
        vonage_signature_secret=environ.get("VONAGE_SIGNATURE_SECRET", ""),
        vonage_number=environ.get("VONAGE_NUMBER", ""),
        vonage_api_host=variables.loopback(environ.get("VONAGE_API_HOST", "")),
        metrics_token=environ.get("METRICS_TOKEN") or None,
        import_max_mb=variables.whole(environ, "IMPORT_MAX_MB", 50, range(1, 2001)),
        email_webhook_user=environ.get("EMAIL_WEBHOOK_USER") or None,
        email_webhook_password=environ.get("EMAIL_WEBHOOK_PASSWORD") or None,
        sendgrid_webhook_public_key=environ.get("SENDGRID_WEBHOOK_PUBLIC_KEY") or None,
    )
    _check_senders(config)
    if config.is_production:
        _check_production(config, environ)
    return config


def _check_senders(config: Config) -> None:
    if "vonage" in (config.sms_backend, config.call_backend):
        for name in ("APPLICATION_ID", "PRIVATE_KEY", "SIGNATURE_SECRET", "NUMBER"):
            if not getattr(config, f"vonage_{name.lower()}"):
                raise Misconfigured(f"SMS_BACKEND=vonage and CALL_BACKEND=vonage need VONAGE_{name}.")
        if not re.fullmatch(r"\+?[1-9]\d{6,14}", config.vonage_number):
            raise Misconfigured("VONAGE_NUMBER must be a phone number with its country code, such as +4520123456.")
    is_open = (
        not config.mail_use_tls and config.mail_port != IMPLICIT_TLS and config.mail_server not in variables.LOOPBACK
    )
    if config.email_backend == "smtp" and config.mail_username and is_open:
        raise Misconfigured("MAIL_USERNAME needs MAIL_USE_TLS=1, or a password would travel in the clear.")


def _check_production(config: Config, environ: Mapping[str, str]) -> None:
    if config.is_sqlite and not environ.get("WISEOPS_DATA_DIR"):
        raise Misconfigured("SQLite in production needs WISEOPS_DATA_DIR: a folder on a disk that stays.")
    if not config.redis_url and environ.get("WISEOPS_SERVE") != "1":
        raise Misconfigured("Set REDIS_URL: in production the embedded server runs only under `make serve`.")
    if not config.public_url.startswith("https://"):
        raise Misconfigured("PUBLIC_URL must begin with https:// in production.")
    if config.vonage_api_host:
        raise Misconfigured("VONAGE_API_HOST is for trials on this machine: unset it in production.")
    if len(config.secret_key) < SHORTEST_KEY:
        raise Misconfigured(f"SECRET_KEY needs {SHORTEST_KEY} characters or more: `openssl rand -hex 32` makes one.")
