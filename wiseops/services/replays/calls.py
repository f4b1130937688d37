"""Call tasks in a replay: each is taken as done when its time comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from wiseops.domain.automation.demand import demand
from wiseops.domain.automation.rules import Rules
from wiseops.extensions import db
from wiseops.models import Task
from wiseops.queries import snapshots
from wiseops.services import tasks
from wiseops.services.replays.leavings import Leaving
from wiseops.services.transaction import transaction


def complete(rules: Rules, now: datetime) -> list[Leaving]:
    """Completes every open call task. Returns what each asks for at `now`."""
    found = db.session.scalars(select(Task).where(Task.kind == "call", Task.status == "open").order_by(Task.id)).all()
    if not found:
        return []
    made: list[Leaving] = []
    with transaction():
        today = rules.today(now)
        accounts = {s.account_id: s for s in snapshots.load([task.account_id for task in found], rules)}
        for task in found:
            snapshot = accounts[task.account_id]
            if snapshot.run is not None and snapshot.run.id is not None and task.step is not None:
                plan, book = rules.plans[snapshot.run.plan_id], snapshot.book(today)
                wanted = demand(plan, snapshot.run, book, task.step, rules, today).lines
                lines = [(line.number, line.currency, line.amount, line.demanded) for line in wanted]
                made.append(Leaving(now, task.account_id, snapshot.run.id, task.step, "call", lines))
            tasks.complete(task.id, outcome="taken as done", now=now, decides=False)
    return made
