"""What the beat rings for, in which queue, every how many seconds. Each may run twice, or late, without harm."""

from __future__ import annotations

from typing import NamedTuple


class Tick(NamedTuple):
    """`job` is a function in wiseops.jobs."""

    job: str
    queue: str
    seconds: int


TICKS = (
    Tick("imports.sweep", "bulk", 60),
    Tick("messages.send", "send", 5),
    Tick("messages.sweep", "send", 30),
    Tick("passes.run", "pass", 10),
    Tick("webhooks.work", "inbound", 10),
)
