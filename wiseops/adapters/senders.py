"""Which backend sends on which channel, as the environment says."""

from __future__ import annotations

from wiseops.adapters.outbox_files import OutboxFiles
from wiseops.config import Config, Misconfigured
from wiseops.domain.messages import Sender


def build(config: Config) -> dict[str, Sender]:
    """A sender by channel, and `file`, where a trial without an own address goes."""
    files = OutboxFiles(config.data_dir / "outbox")
    for name, backend in (("SMS_BACKEND", config.sms_backend), ("EMAIL_BACKEND", config.email_backend)):
        if backend != files.name:
            raise Misconfigured(f"{name}={backend} is not built yet. Use {name}=file.")
    return {"sms": files, "email": files, "file": files}
