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
    totals: Mapping[str, tuple[Owed, ...]]
    outstanding: tuple[Owed, ...]
    engaged: tuple[Owed, ...]
    collected: tuple[tuple[str, int], ...]
    messages: Mapping[str, int]

    @property
    def messages_sent(self) -> int:
        """Sent, delivered, undelivered or unknown."""
        return sum(self.messages.values())


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted through the ledger and the outbox, and takes the longer the larger they are."""

    collected: Mapping[str, int]
    messages: Mapping[str, int]


def count(period: Period = EVER) -> Counted:
    """Counts it now."""
    return Counted(collected.total(period), messages(period))


def read(period: Period = EVER, counted: Counted | None = None) -> Figures:
    """All of it, or the rest of it where `counted` is known. Stage totals are kept with every decision."""
    counted = counted or count(period)
    totals = db.session.scalars(select(StageTotal).execution_options(populate_existing=True)).all()
    counts = {str(stage): 0 for stage in Stage}
    counts |= {row.stage: row.accounts for row in totals if not row.currency}
    return Figures(
        stages=counts,
        totals={str(stage): _owed(totals, (stage,)) for stage in TABS},
        outstanding=_owed(totals, NOT_ENGAGED),
        engaged=_owed(totals, (Stage.ENGAGED,)),
        collected=tuple(sorted(counted.collected.items(), key=lambda pair: _own_first(pair[0]))),
        messages=counted.messages,
    )


def read_stage(stage: str) -> int:
    """How many accounts the stage has."""
    return (
        db.session.scalar(select(StageTotal.accounts).where(StageTotal.stage == stage, StageTotal.currency == "")) or 0
    )


def messages(period: Period = EVER) -> dict[str, int]:
    """Automation's messages that left, by status. A person's are not among them; a long SMS is one."""
    query = (
        select(Message.status, func.count())
        .where(Message.automated, *period.instants(Message.left_at, company.get().timezone))
        .group_by(Message.status)
    )
    return {status: count for status, count in db.session.execute(query) if status in LEFT}


def _owed(totals: Sequence[StageTotal], stages: tuple[Stage, ...]) -> tuple[Owed, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in totals:
        if row.currency and row.stage in stages:
            sums[row.currency][0] += row.balance
            sums[row.currency][1] += row.overdue
    own_first = sorted(sums.items(), key=lambda pair: _own_first(pair[0]))
    return tuple(Owed(code, *amounts) for code, amounts in own_first if any(amounts))


def _own_first(currency: str) -> tuple[bool, str]:
    return currency != company.get().currency, currency
