"""E-mails for tests: the samples of the shared folder, and shorter ones of our own."""

from __future__ import annotations

import pytest

from tests.conftest import SHARED
from tests.factories import NOW
from wiseops.formats.arrivals import mail
from wiseops.models import Reply
from wiseops.queries import replies
from wiseops.services import webhooks


def replied() -> dict[str, bytes]:
    """The sample replies by name; those that are only a text get a header. Skips where they are not here."""
    found = {}
    for path in sorted((SHARED / "email-replies").rglob("*")):
        if path.is_file():
            header = b"" if path.suffix == ".eml" else b"Content-Type: text/plain; charset=utf-8\n\n"
            found[path.name] = header + path.read_bytes()
    return found or pytest.skip(f"no sample replies below {SHARED}")


def every() -> dict[str, bytes]:
    """Those, and the bounces and automatic answers."""
    return replied() | {path.name: path.read_bytes() for path in sorted((SHARED / "email-dsn").rglob("*.eml"))}


def written(text: str = "Hello", *, sender: str = "Mette Lund <mette@example.com>", **fields: str) -> bytes:
    """A mail; fields as `in_reply_to="<…>"`."""
    given = {"From": sender, "To": "Reminders <reminders@example.com>", "Subject": "Re: Reminder"}
    given |= {name.replace("_", "-"): value for name, value in fields.items()}
    header = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return (header + "\r\n" + text).encode()


def arrive(*mails: bytes, at: object = NOW) -> list[Reply]:
    """Each comes by the pipe, and is worked on. The replies that they are."""
    for raw in mails:
        webhooks.store_mail(raw, provider="mta", event_id=mail.identity(raw), now=at)  # type: ignore[arg-type]
        assert webhooks.work(at)  # type: ignore[arg-type]
    found = [replies.find("mail", mail.identity(raw)) for raw in mails]
    return [reply for reply in found if reply is not None]
