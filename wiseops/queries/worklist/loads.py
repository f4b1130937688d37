"""Everyone's load: what waits on each person's list, and on nobody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from wiseops.domain.worklist import Kind
from wiseops.extensions import db
from wiseops.models import Account, User
from wiseops.queries.worklist import replies, reviews, tasks, unassigned


@dataclass(slots=True)
class Load:
    """One person, or nobody (`user` None): accounts that owe, how many accounts wait by kind, the oldest since when."""

    user: User | None
    accounts: int = 0
    kinds: dict[Kind, int] = field(default_factory=dict)
    since: date | None = None

    @property
    def waiting(self) -> int:
        return sum(self.kinds.values())


def everyone(today: date, zone: ZoneInfo) -> list[Load]:
    """Every collector, and whoever else has something, the heaviest load first; what nobody has before all."""
    people = db.session.scalars(select(User).order_by(User.name, User.id)).all()
    found: dict[int | None, Load] = {None: Load(None)} | {person.id: Load(person) for person in people}
    owing = select(Account.owner_id, func.count()).where(Account.stage != "clear").group_by(Account.owner_id)
    for owner_id, count in db.session.execute(owing):
        found[owner_id].accounts = count
    sources = (replies.loads(zone), tasks.loads(today), reviews.loads(today, zone), unassigned.loads(today))
    for source in sources:
        for whose, kind, count, since in source:
            load = found[whose]
            load.kinds[kind] = load.kinds.get(kind, 0) + count
            load.since = min(since, load.since or since)
    rows = [load for load in found.values() if load.waiting or load.accounts or _collects(load.user)]
    return sorted(rows, key=lambda load: (load.user is not None, -load.waiting, -load.accounts))


def _collects(user: User | None) -> bool:
    return user is not None and user.active and user.role == "collector"
