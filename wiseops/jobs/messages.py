"""The outbox, as jobs."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app

from wiseops import queue
from wiseops.jobs import turns
from wiseops.services import deliveries, messages

turns.last_word(lambda: deliveries.cut_off(datetime.now(UTC)))


def send() -> None:
    """Sends what is due; what its turn left over is rung for again."""
    senders, now = current_app.extensions["senders"], datetime.now(UTC)
    if not messages.send_due(now, senders=senders, clock=lambda: datetime.now(UTC), is_over=turns.turn()).is_finished:
        queue.ring_now("messages.send", queue="send")


def sweep() -> None:
    """Finds what a killed worker left behind."""
    messages.sweep(datetime.now(UTC))
