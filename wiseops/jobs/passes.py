"""The pass, as a job."""

from __future__ import annotations

from datetime import UTC, datetime

from wiseops import queue
from wiseops.jobs import turns
from wiseops.services import automation, pauses


def run() -> None:
    """Ends a pause that is over and decides what is due; what its turn left over is rung for again."""
    now = datetime.now(UTC)
    pauses.end_when_over(now)
    result = automation.run(now, is_over=turns.turn())
    if result.queued:
        queue.ring_now("messages.send", queue="send")
    if not result.is_finished:
        queue.ring_now("passes.run", queue="pass")
