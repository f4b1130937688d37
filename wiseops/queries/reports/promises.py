"""What became of the promises that were due in a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from wiseops.domain.promises import MISSED, Status
from wiseops.extensions import db
from wiseops.models import Promise
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.selections import ALL, Selection

KEPT = frozenset({Status.KEPT, Status.KEPT_LATE})
JUDGED = KEPT | MISSED


@dataclass(frozen=True, slots=True)
class Outcome:
    """Promises of one status: how many, what was promised and what came; of open ones nothing is said yet."""

    count: int
    amount: int
    received: int


@dataclass(frozen=True, slots=True)
class Promised:
    """One currency, minor units, by status; `kept_share` of what was promised and is judged, None before any is."""

    currency: str
    outcomes: Mapping[Status, Outcome]

    @property
    def kept_share(self) -> float | None:
        judged = self._sum(JUDGED)
        return self._sum(KEPT) / judged if judged else None

    def _sum(self, statuses: frozenset[Status]) -> int:
        return sum(outcome.amount for status, outcome in self.outcomes.items() if status in statuses)


def read(period: Period, selection: Selection = ALL) -> list[Promised]:
    """By the day of the last instalment. Cancelled and replaced ones are shown, and neither kept nor missed."""
    sums = (func.count(), func.sum(Promise.amount), func.sum(Promise.received))
    query = (
        select(Promise.currency, Promise.status, *sums)
        .where(*period.days(Promise.due_on), *selection.of(Promise.account_id))
        .group_by(Promise.currency, Promise.status)
    )
    found: dict[str, dict[Status, Outcome]] = defaultdict(dict)
    for currency, status, count, amount, received in db.session.execute(query):
        found[currency][Status(status)] = Outcome(count, int(amount), int(received))
    return [Promised(currency, outcomes) for currency, outcomes in sorted(found.items())]
