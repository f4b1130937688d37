"""What Vonage posts about a message on its way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def of(message: dict[str, Any], number: str, status: str) -> dict[str, Any]:
    """One status of a message, as Vonage posts it."""
    event = {
        "message_uuid": number,
        "to": message.get("to"),
        "from": message.get("from"),
        "timestamp": stamp(),
        "status": status,
        "channel": "sms",
        "client_ref": message.get("client_ref"),
        "usage": {"currency": "EUR", "price": "0.0333"},
        "sms": {"count_total": "1"},
    }
    if status in ("rejected", "undeliverable"):
        event["error"] = {"type": "https://developer.vonage.com/api-errors/messages#1320", "title": "1320"}
    return event


def stamp() -> str:
    """The moment, as Vonage writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
