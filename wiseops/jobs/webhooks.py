"""What providers called us with, as a job."""

from __future__ import annotations

from datetime import UTC, datetime

from wiseops import queue
from wiseops.jobs import turns
from wiseops.services import webhooks


def work() -> None:
    """Lets what was stored have its effect; what its turn left over is rung for again."""
    if not webhooks.work(datetime.now(UTC), is_over=turns.turn()):
        queue.ring_now("webhooks.work", queue="inbound")
