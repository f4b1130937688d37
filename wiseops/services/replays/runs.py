"""A whole replay: the working copy made or found again, and every day lived that is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.queries import replays
from wiseops.services.replays import copies, days
from wiseops.services.transaction import transaction

Progress = Callable[[str], None]


def run(start: date, end: date, *, work: Path | None, progress: Progress) -> dict[str, list[dict[str, Any]]]:
    """Replays the live book from `start` to `end`, both included. Killed anywhere, a further call goes on.

    Raises Refused for an order of days that is none, or a work file that is not of this book and these rules.
    """
    if end < start:
        raise Refused("The last day is before the first.", "to")
    folder = current_app.extensions["wiseops"].data_dir / "replay"
    with replays.reading(db.engine) as live:
        identity = replays.identity(live, start)
        path = work or folder / f"{identity}.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
        with copies.app_on(path).app_context():
            try:
                with transaction():
                    if copies.make(live, identity):
                        days.open_book(start)
                live.rollback()
                _live_through(start, end, progress)
                return replays.answer(end)
            finally:
                db.session.remove()
                db.engine.dispose()


def _live_through(start: date, end: date, progress: Progress) -> None:
    last = replays.last_day()
    on = start if last is None else last + timedelta(days=1)
    while on <= end:
        days.live(on)
        if on.day == 1 or on == end:
            progress(f"lived through {on.isoformat()}")
        on += timedelta(days=1)
