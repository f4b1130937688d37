"""Provider events for tests: the samples of the shared folder, and shorter ones of our own."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
import pytest

from tests.conftest import SHARED
from tests.factories import NOW
from wiseops.extensions import db
from wiseops.formats import payloads, postmark, sendgrid, vonage
from wiseops.models import Message
from wiseops.services.transaction import transaction
from wiseops.services.webhooks import Received

FOLDER = SHARED / "webhooks"
SECRET = "a signature secret of more letters than even the longest hash needs"
STATUSES = ("symfony-vonage/*.json", "vonage-dotnet/Messages/Webhooks/Data/*Status*.json")
INBOUND = ("vonage-dotnet/Messages/Webhooks/Data/*DeserializeWebhook*.json",)
MAIL = ("symfony-sendgrid/*.json", "symfony-postmark/*.json")
LEGACY = ("vonage-dotnet/Messaging/Data/*.json", "postmark-inbound/*.json")


def samples(*patterns: str) -> list[bytes]:
    """The bodies of the sample files; skips the test where they are not on this machine."""
    found = [path.read_bytes() for pattern in patterns for path in sorted(FOLDER.glob(pattern))]
    if not found:
        pytest.skip(f"no sample events below {FOLDER}")
    return found


def bearer(body: bytes, *, secret: str = SECRET, **claims: Any) -> dict[str, str]:
    """The header that Vonage signs a body with; a claim given as None is left out."""
    hashed = hashlib.sha256(body).hexdigest()
    given = {"iss": "Vonage", "iat": int(time.time()), "payload_hash": hashed, "jti": "1"} | claims
    token = jwt.encode({name: value for name, value in given.items() if value is not None}, secret, "HS256")
    return {"Authorization": f"Bearer {token}"}


def status(word: str, ref: str, *, to: str = "4520123456", code: str = "", uuid: str = "") -> Received:
    """A status of an SMS of ours."""
    given = {"message_uuid": uuid or f"uuid-{ref}", "status": word, "client_ref": ref, "to": to, "channel": "sms"}
    if code:
        given["error"] = {"title": int(code), "type": f"https://example.com#{code}", "detail": "Told so"}  # type: ignore[assignment]
    return received("vonage", "status", given)


def sms(text: str, *, number: str = "4520123456", uuid: str = "in-1", at: str = "2026-03-02T08:00:00Z") -> Received:
    """What somebody wrote."""
    given = {"message_uuid": uuid, "from": number, "to": "4560000000", "message_type": "text", "timestamp": at}
    return received("vonage", "inbound", given | {"channel": "sms", "text": text})


def received(provider: str, kind: str, given: Mapping[str, Any]) -> Received:
    """An event as the edge hands it on."""
    body = json.dumps(given).encode()
    read = {"status": vonage.report, "inbound": vonage.inbound}.get(kind)
    mail = postmark.event if provider == "postmark" else sendgrid.event
    event = read(body) if read else mail(payloads.read(body))
    return Received(provider, kind, event.event_id, body)  # type: ignore[attr-defined]


def sent(account_id: int, ref: str, to: str, *, channel: str = "sms", state: str = "sent", **more: Any) -> int:
    """The id of a message that a person sent."""
    with transaction():
        row = Message(account_id=account_id, ref=ref, channel=channel, to_address=to, automated=False, status=state)
        row.queued_at = row.not_before = row.sending_at = NOW
        row.sent_at = NOW if state == "sent" else None
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
    return row.id
