"""How old what was owed was, as of any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wiseops.domain import ageing
from wiseops.queries import ledger
from wiseops.queries.ledger import DueDay
from wiseops.queries.selections import ALL, Selection


@dataclass(frozen=True, slots=True)
class Aged:
    """One currency, minor units: open debits per bucket of domain.ageing, and credit that pays nothing yet."""

    currency: str
    counts: Mapping[str, int]
    amounts: Mapping[str, int]
    credit: int

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def amount(self) -> int:
        return sum(self.amounts.values())


def read(on: date, selection: Selection = ALL) -> list[Aged]:
    """The currencies in which anything was open."""
    found: dict[str, list[DueDay]] = defaultdict(list)
    for row in ledger.by_due_day(on, selection):
        found[row.currency].append(row)
    return [_aged(currency, rows, on) for currency, rows in sorted(found.items())]


def _aged(currency: str, rows: Sequence[DueDay], on: date) -> Aged:
    return Aged(
        currency,
        ageing.aged([(row.due_on, row.count) for row in rows], on),
        ageing.aged([(row.due_on, row.amount) for row in rows], on),
        sum(row.credit for row in rows),
    )
