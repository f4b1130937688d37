"""Reads an uploaded file."""

from __future__ import annotations

from datetime import UTC, datetime

from wiseops.services.imports import runs


def run(import_id: int) -> None:
    """Does a queued import, or its dry run."""
    runs.run(import_id, now=datetime.now(UTC))
