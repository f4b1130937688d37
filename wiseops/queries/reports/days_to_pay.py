"""How long after its due date an invoice was paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased

from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.queries.auto_collection.periods import Period
from wiseops.queries.selections import ALL, Selection


@dataclass(frozen=True, slots=True)
class Month:
    """The invoices settled in a month: how many, how many by their due date; days from there, negative if early."""

    first: date
    count: int
    in_time: int
    mean: float
    median: float


def read(period: Period, selection: Selection = ALL) -> list[Month]:
    """The months in which any invoice was settled by a payment."""
    months: dict[date, Counter[int]] = defaultdict(Counter)
    for settled_on, due_on, count in db.session.execute(_settled(period, selection)):
        months[settled_on.replace(day=1)][(settled_on - due_on).days] += count
    return [_month(first, days) for first, days in sorted(months.items())]


def _settled(period: Period, selection: Selection) -> Select[Any]:
    """By the day of the last allocation that stands; what a credit note or write-off settled was not paid."""
    payment, undoing = aliased(Entry), aliased(Allocation)
    last = func.max(Allocation.effective_on)
    last_payment = func.max(case((payment.kind == "payment", Allocation.effective_on)))
    each = (
        select(Entry.due_on, last.label("settled_on"))
        .join(Allocation, Allocation.debit_id == Entry.id)
        .join(payment, payment.id == Allocation.credit_id)
        .outerjoin(undoing, undoing.undoes_id == Allocation.id)
        .where(Entry.kind == "invoice", Entry.open == 0, *selection.of(Entry.account_id))
        .where(Allocation.undoes_id.is_(None), undoing.id.is_(None))
        .group_by(Entry.id, Entry.due_on)
        .having(last == last_payment, *period.days(last))
        .subquery()
    )
    return select(each.c.settled_on, each.c.due_on, func.count()).group_by(each.c.settled_on, each.c.due_on)


def _month(first: date, days: Counter[int]) -> Month:
    count = days.total()
    ordered = sorted(days.items())
    middle = (_at(ordered, (count - 1) // 2) + _at(ordered, count // 2)) / 2
    in_time = sum(times for late, times in ordered if late <= 0)
    return Month(first, count, in_time, sum(late * times for late, times in ordered) / count, middle)


def _at(ordered: list[tuple[int, int]], place: int) -> int:
    """The value at a place of the sorted list that the counts stand for."""
    for value, times in ordered:
        if place < times:
            return value
        place -= times
    raise IndexError(place)
