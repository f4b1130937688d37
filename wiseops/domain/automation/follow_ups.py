"""When a person is in charge: a balance too small to chase, and what falls due meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from wiseops.domain.automation.decision import MakeTask
from wiseops.domain.automation.snapshot import Run, Snapshot
from wiseops.domain.plans import Plan
from wiseops.domain.positions import Book


def is_small(plan: Plan, book: Book) -> bool:
    """Whether what is overdue is below what the plan chases, in every currency."""
    owed = ((code, position.overdue) for code, position in book.positions.items() if position.overdue)
    return all(overdue < plan.stops_below(code) for code, overdue in owed)


def newer_items(snapshot: Snapshot, run: Run, book: Book, today: date) -> Iterator[MakeTask]:
    """A task for each item that fell overdue in follow-up: by itself it starts nothing."""
    for standing in book.overdue:
        item = standing.item
        if not item.may_anchor or item.id in run.anchors or item.id in snapshot.stopped:
            continue
        if run.follow_up_on is None or item.due_on < run.follow_up_on - timedelta(days=1):
            continue
        key = f"new_item:{run.id}:{item.id}"
        if run.id is not None and key not in snapshot.task_keys:
            yield MakeTask("new_item", key, today, facts={"item": item.number})
