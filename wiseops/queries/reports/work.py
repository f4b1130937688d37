"""What each collector did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Activity, Disposition, Message, Promise, Task, User
from wiseops.queries import company
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.selections import ALL, Selection


@dataclass(frozen=True, slots=True)
class Worked:
    """One person: activities by kind and by disposition ("" without), promises taken, tasks done, messages sent."""

    name: str
    kinds: Mapping[str, int]
    dispositions: Mapping[str, int]
    promises: int
    tasks: int
    messages: int


def read(period: Period, selection: Selection = ALL, *, by_id: int | None = None) -> list[Worked]:
    """Everyone who did anything, or one person. `selection` says on which accounts."""
    zone = company.get().timezone

    def counted(person: Any, account_id: Any, at: Iterable[Any], *key: Any) -> Any:
        query = select(person, *key, func.count()).where(person.is_not(None), *at, *selection.of(account_id))
        if by_id is not None:
            query = query.where(person == by_id)
        return query.group_by(person, *key)

    activities = counted(
        Activity.by_id, Activity.account_id, period.instants(Activity.at, zone), Activity.kind, Disposition.name
    ).outerjoin(Disposition, Disposition.id == Activity.disposition_id)
    promises = counted(Promise.made_by_id, Promise.account_id, period.days(Promise.made_on))
    tasks = counted(Task.done_by_id, Task.account_id, period.instants(Task.done_at, zone))
    messages = counted(Message.created_by_id, Message.account_id, period.instants(Message.left_at, zone)).where(
        ~Message.automated, Message.status.in_(LEFT)
    )
    return _named(
        list(db.session.execute(activities)),
        *({row[0]: row[1] for row in db.session.execute(query)} for query in (promises, tasks, messages)),
    )


def _named(activities: list[Any], *counts: Mapping[int, int]) -> list[Worked]:
    kinds: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    dispositions: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for person, kind, disposition, count in activities:
        kinds[person][kind] += count
        dispositions[person][disposition or ""] += count
    people = {*kinds, *(person for count in counts for person in count)}
    names = select(User.id, User.name).where(User.id.in_(people)).order_by(User.name, User.id)
    return [
        Worked(name, kinds[person], dispositions[person], *(count.get(person, 0) for count in counts))
        for person, name in db.session.execute(names)
    ]
