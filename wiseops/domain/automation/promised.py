"""What the clock and the ledger make of open promises: judged, reminded of on their days, and what that wakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from wiseops.domain import money, promises
from wiseops.domain.automation.decision import DropTask, Effect, Excuse, Judge, MakeTask
from wiseops.domain.automation.followed import Followed
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.positions import Book, stand
from wiseops.domain.promises import MISSED, Part, Promise, Status


def follow(snapshot: Snapshot, rules: Rules, today: date) -> Followed:
    """Judges each open promise; one that stands makes a task on each of its days, and wakes when it breaks."""
    followed, standing = Followed(snapshot), []
    for promise in _excused(snapshot):
        status = promises.judge(promise, today, rules.promise_grace)
        if status == Status.OPEN:
            standing.append(promise)
            followed.effects += _tasks(promise, snapshot, today)
            followed.effects += (Excuse(promise.id, *found) for found in promises.excusing(promise, today))
            days = [part.due_on for _, part in promise.unpaid if part.due_on > today]
            days.append(promises.breaks_on(promise, rules.promise_grace))
            days += [part.due_on + timedelta(days=1) for part in promise.parts if promise.excused]
            followed.wakes += [rules.midnight(day) for day in days]
        else:
            followed.effects += _judged(promise, status, today)
    if snapshot.promises:
        followed.snapshot = replace(snapshot, promises=tuple(standing))
    return followed


def _excused(snapshot: Snapshot) -> Iterable[Promise]:
    """The promises, with what disputes keep of them now: noted after they were made, for what rests is not promised."""
    if not snapshot.promises or not (snapshot.disputes or any(item.disputed for item in snapshot.items)):
        return snapshot.promises
    book = stand(snapshot.items, snapshot.credit, date.max, disputes=snapshot.disputes)
    return [replace(promise, excused=_disputed(promise, book)) for promise in snapshot.promises]


def _disputed(promise: Promise, book: Book) -> int:
    covered = [s for s in book.standings if promise.covers(s.item) and s.item.due_on <= promise.due_on]
    kept = sum(min(standing.overdue, standing.item.disputed) for standing in covered)
    return max(0, min(kept, promise.left - sum(standing.collectable for standing in covered)))


def _tasks(promise: Promise, snapshot: Snapshot, today: date) -> Iterator[Effect]:
    unpaid = dict(promise.unpaid)
    for place in range(1, len(promise.parts) + 1):
        key = f"promise_due:{promise.id}:{place}"
        part = unpaid.get(place)
        if part is None:
            if key in snapshot.due_tasks:
                yield DropTask(key)
        elif part.due_on <= today and key not in snapshot.task_keys:
            yield MakeTask(
                "promise_due", key, part.due_on, facts=_facts(promise, part), assignee_id=promise.assignee_id
            )


def _judged(promise: Promise, status: Status, today: date) -> Iterator[Effect]:
    yield Judge(promise.id, str(status), promise.received)
    if status in MISSED:
        missed = promise.unpaid[0][1] if promise.unpaid else promise.parts[-1]
        key, facts = f"promise_broken:{promise.id}", _facts(promise, missed)
        yield MakeTask("promise_broken", key, today, facts=facts, assignee_id=promise.assignee_id)


def _facts(promise: Promise, part: Part) -> dict[str, Any]:
    return {
        "promise": promise.id,
        "amount": money.plain(part.amount, promise.currency),
        "currency": promise.currency,
        "due_on": part.due_on.isoformat(),
    }
