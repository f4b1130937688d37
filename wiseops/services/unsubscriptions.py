"""Unsubscriptions: whoever gets an automatic e-mail may end that for their address with one click."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from wiseops.config import Config
from wiseops.domain import unsubscribing
from wiseops.services import suppressions


def link(address: str, message_id: int) -> str:
    """The address of the page, good for this e-mail address only."""
    config = _config()
    return f"{config.public_url}/unsubscribe/{unsubscribing.token(config.secret_key, address, message_id)}"


def address_of(token: str) -> str:
    """Whose link it is. Raises NotFound for one that we did not make."""
    return unsubscribing.read(_config().secret_key, token)[0]


def make(token: str, *, now: datetime) -> None:
    """No e-mail goes to the link's address any more. Again changes nothing."""
    address, message_id = unsubscribing.read(_config().secret_key, token)
    note = f"message {message_id}"
    suppressions.add("email", address, reason="opted_out", source="link", note=note, now=now)


def _config() -> Config:
    config: Config = current_app.extensions["wiseops"]
    return config
