"""The timeline: written in the same transaction as the change it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wiseops.extensions import db
from wiseops.models import Event
from wiseops.services import rows


def record(kind: str, *, account_id: int | None, at: datetime, by_id: int | None = None, **facts: Any) -> None:
    """Adds an event to the running transaction. `facts` must be JSON: ids, numbers, ISO dates, strings."""
    db.session.add(Event(kind=kind, account_id=account_id, at=at, by_id=by_id, facts=facts))


def record_all(events: Sequence[dict[str, Any]]) -> None:
    """Adds many at once: each its kind, account_id, at, by_id and facts."""
    rows.add(Event, events)
