"""What Vonage's Messages API calls us with: how a message fares, and what people write back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wiseops.domain.errors import Refused
from wiseops.domain.messages import Status
from wiseops.domain.suppressions import Reason
from wiseops.formats import payloads

STATUSES: Mapping[str, Status] = {
    "submitted": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "rejected": Status.UNDELIVERED,
    "undeliverable": Status.UNDELIVERED,
}
SUPPRESSING: Mapping[str, Reason] = {
    "1170": Reason.INVALID,  # invalid or missing number
    "1190": Reason.INVALID,  # absent for good
    "1240": Reason.OPTED_OUT,  # told the carrier to stop
}
"""The error codes that are clear about the number; all others may be about us, the route or the moment."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a message fares. `status` None: a word that means nothing to us. `ref` is ours, `to` E.164."""

    event_id: str
    provider_id: str
    ref: str
    to: str
    status: Status | None
    detail: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Inbound:
    """What somebody wrote; `at` None where the provider does not say when."""

    event_id: str
    channel: str
    sender: str
    to: str
    text: str
    at: datetime | None


def report(body: bytes) -> Report:
    """A status. Raises Refused for anything else."""
    given = payloads.mapping(payloads.read(body))
    provider_id, word = payloads.text(given.get("message_uuid"), 100), payloads.text(given.get("status"), 40)
    if not provider_id or not word:
        raise Refused("This is not a status of the Messages API.")
    status = STATUSES.get(word)
    code, detail = _error(given)
    is_refused = status is Status.UNDELIVERED
    return Report(
        event_id=payloads.key(provider_id, word),
        provider_id=provider_id,
        ref=payloads.text(given.get("client_ref"), 100),
        to=number(given.get("to")),
        status=status,
        detail=detail if is_refused else "",
        reason=SUPPRESSING.get(code) if is_refused else None,
    )


def inbound(body: bytes) -> Inbound:
    """A message from outside. Raises Refused for anything else."""
    given = payloads.mapping(payloads.read(body))
    provider_id, sender = payloads.text(given.get("message_uuid"), 100), number(given.get("from"))
    if not provider_id or not sender or not payloads.text(given.get("message_type"), 40):
        raise Refused("This is not an inbound message of the Messages API.")
    return Inbound(
        event_id=provider_id,
        channel=payloads.text(given.get("channel"), 40) or "sms",
        sender=sender,
        to=number(given.get("to")),
        text=payloads.text(given.get("text"), 100_000),
        at=moment(given.get("timestamp")),
    )


def _error(given: Mapping[str, Any]) -> tuple[str, str]:
    """The error's code and words: the code is the title or the end of the type's address, as versions differ."""
    error = payloads.mapping(given.get("error"))
    title = payloads.text(error.get("title") or error.get("code"))
    code = title if title.isdigit() else payloads.text(error.get("type")).rpartition("#")[2]
    detail = payloads.text(error.get("detail") or error.get("reason"))
    return code, ": ".join(part for part in (title, detail) if part)[:200]


def number(value: Any) -> str:
    """447700900000 → +447700900000; a name or a short code stays as it is."""
    given = payloads.text(value, 100)
    return "+" + given.lstrip("+") if re.fullmatch(r"\+?[1-9]\d{6,14}", given) else given


def moment(value: Any) -> datetime | None:
    """An instant with its zone; None for anything else."""
    try:
        at = datetime.fromisoformat(payloads.text(value))
    except ValueError:
        return None
    return at if at.tzinfo else None
