"""The four figures, and how many accounts each stage has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from wiseops.domain.automation.decision import Stage
from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Message, StageTotal
from wiseops.queries import company
from wiseops.queries.auto_collection import collected
from wiseops.queries.auto_collection.periods import EVER, Period

NOT_ENGAGED = (Stage.OUTSTANDING, Stage.SCHEDULED)
TABS = (Stage.OUTSTANDING, Stage.SCHEDULED, Stage.ENGAGED, Stage.FOLLOW_UP, Stage.BLOCKED)


@dataclass(frozen=True, slots=True)
class Owed:
    """One currency of some accounts, minor units."""

    currency: str
    balance: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`collected` and `messages` are of the period; what stands now is as it stands now."""

    stages: Mapping[str, int]
    outstanding: tuple[Owed, ...]
    engaged: tuple[Owed, ...]
    collected: Mapping[str, int]
    messages: Mapping[str, int]

    @property
    def messages_sent(self) -> int:
        """Sent, delivered, undelivered or unknown."""
        return sum(self.messages.values())


def read(period: Period = EVER) -> Figures:
    """All of it. Stage totals are kept with every decision, so they cost nothing at any size."""
    totals = db.session.scalars(select(StageTotal).execution_options(populate_existing=True)).all()
    counts = {str(stage): 0 for stage in Stage}
    counts |= {row.stage: row.accounts for row in totals if not row.currency}
    return Figures(
        stages=counts,
        outstanding=_owed(totals, NOT_ENGAGED),
        engaged=_owed(totals, (Stage.ENGAGED,)),
        collected=collected.total(period),
        messages=messages(period),
    )


def messages(period: Period = EVER) -> dict[str, int]:
    """Automation's messages that left, by status. A person's are not among them; a long SMS is one."""
    left_at = func.coalesce(Message.sent_at, Message.sending_at)
    query = (
        select(Message.status, func.count())
        .where(Message.automated, Message.status.in_(LEFT), *period.instants(left_at, company.get().timezone))
        .group_by(Message.status)
    )
    return dict(db.session.execute(query).all())


def _owed(totals: Sequence[StageTotal], stages: tuple[Stage, ...]) -> tuple[Owed, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in totals:
        if row.currency and row.stage in stages:
            sums[row.currency][0] += row.balance
            sums[row.currency][1] += row.overdue
    return tuple(Owed(code, *amounts) for code, amounts in sorted(sums.items()) if any(amounts))
