"""What a reply that nobody has dealt with does: it holds the account for some days, then a manager is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wiseops.domain.automation.decision import MakeTask
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot


def holds_until(came_on: date, rules: Rules) -> date:
    """The first day on which a reply of that day no longer holds: a working day, so that somebody sees it."""
    return rules.working_day(came_on + timedelta(days=rules.reply_hold))


def tasks(snapshot: Snapshot, rules: Rules, today: date) -> Iterator[MakeTask]:
    """The one that tells a manager, once the oldest reply has waited that long."""
    waiting = snapshot.waiting
    if waiting is None:
        return
    key, over = f"reply_waits:{snapshot.account_id}:{waiting.first_id}", holds_until(waiting.first_on, rules)
    if over <= today and key not in snapshot.task_keys:
        yield MakeTask("reply_waits", key, over, facts={"since": waiting.first_on.isoformat()})


def wakes(snapshot: Snapshot, rules: Rules) -> Iterator[datetime]:
    """When the oldest has waited that long, and when the latest holds no longer."""
    if snapshot.waiting is not None:
        for on in (snapshot.waiting.first_on, snapshot.waiting.last_on):
            yield rules.midnight(holds_until(on, rules))
