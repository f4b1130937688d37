"""Reads an uploaded file."""

from __future__ import annotations

from datetime import UTC, datetime

from wiseops.queries import imports
from wiseops.queue import ring_now
from wiseops.services.imports import runs


def run(import_id: int) -> None:
    """Does a queued import, or its dry run."""
    runs.run(import_id, now=datetime.now(UTC))


def sweep() -> None:
    """Finds what a killed worker left behind, and rings for what is queued: a lost ring only delays."""
    runs.take_back(datetime.now(UTC))
    for import_id in imports.queued():
        ring_now("imports.run", import_id, queue="bulk")
