"""The books of accounts: taken out under lock, changed in memory, put back in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, literal_column, or_, select
from sqlalchemy.orm import aliased

from wiseops.domain.allocations import Allotment, Book
from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.services import locks

_NUMBERS_AT_ONCE = 10_000
_FRESH = {"populate_existing": True}


@dataclass(slots=True)
class Shelf:
    """Books by account, and the rows of the allotments in them that were there before."""

    books: dict[int, Book[Entry]]
    rows: dict[Allotment[Entry], int] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[Entry]:
        return (line for book in self.books.values() for line in book.lines)

    def standing(self, allocation_id: int) -> Allotment[Entry] | None:
        return next((allotment for allotment, row in self.rows.items() if row == allocation_id), None)


def take(
    account_ids: Collection[int], *, numbers: Collection[str] = (), releasing: Collection[int] = (), automatic: bool
) -> Shelf:
    """Locks the accounts and loads what is open on them, and the entries of these numbers.

    `releasing` are entries whose allocations may be undone: those come along, with their other sides.
    """
    ids = locks.accounts(account_ids)
    entries = {entry.id: entry for entry in _entries(ids, numbers)}
    allocations = _standing(releasing)
    sides = {side for row in allocations for side in (row.debit_id, row.credit_id)} | set(releasing)
    if missing := sides - set(entries):
        found = db.session.scalars(select(Entry).where(Entry.id.in_(missing)).execution_options(**_FRESH))
        entries |= {entry.id: entry for entry in found}
    shelf = Shelf({})
    allotments = defaultdict(list)
    for row in allocations:
        allotment = Allotment(entries[row.debit_id], entries[row.credit_id], row.amount, row.effective_on)
        shelf.rows[allotment] = row.id
        allotments[row.account_id].append(allotment)
    lines = defaultdict(list)
    for entry in entries.values():
        lines[entry.account_id].append(entry)
    freed_on = _freed_on(ids, entries)
    for id in ids:
        shelf.books[id] = Book(lines[id], automatic=automatic, standing=allotments[id], freed_on=freed_on)
    return shelf


def put_back(shelf: Shelf, *, now: datetime, by_id: int | None) -> None:
    """Writes new and changed entries, the allocations made, and a counter-allocation for each undone."""
    db.session.flush()
    signed: dict[str, Any] = {"at": now, "by_id": by_id}
    made = [allotment for book in shelf.books.values() for allotment in book.made]
    if made:
        adding = insert(Allocation).returning(Allocation.id, sort_by_parameter_order=True)
        ids = db.session.scalars(adding, [_row(allotment) | signed for allotment in made])
        shelf.rows |= dict(zip(made, ids, strict=True))
    counters = [
        _row(allotment)
        | signed
        | {
            "amount": -allotment.amount,
            "effective_on": allotment.undone_on,
            "undoes_id": shelf.rows[allotment],
        }
        for book in shelf.books.values()
        for allotment in book.undone
    ]
    if counters:
        db.session.execute(insert(Allocation), counters)


def credits_numbered(account_ids: Collection[int], numbers: Collection[str]) -> list[int]:
    """The ids of the accounts' credits with these numbers."""
    chosen = (Entry.account_id.in_(account_ids), Entry.number.in_(numbers), Entry.amount < 0)
    return list(db.session.scalars(select(Entry.id).where(*chosen)))


def _entries(account_ids: list[int], numbers: Collection[str]) -> list[Entry]:
    of_accounts = select(Entry).where(Entry.account_id.in_(account_ids)).execution_options(**_FRESH)
    found = list(db.session.scalars(of_accounts.where(Entry.open != literal_column("0"))))
    if len(numbers) > _NUMBERS_AT_ONCE:
        return list(db.session.scalars(of_accounts))
    if numbers:
        found += db.session.scalars(of_accounts.where(Entry.number.in_(set(numbers))))
    return found


def _standing(entry_ids: Collection[int]) -> list[Allocation]:
    if not entry_ids:
        return []
    counter = aliased(Allocation)
    return list(
        db.session.scalars(
            select(Allocation)
            .where(or_(Allocation.debit_id.in_(entry_ids), Allocation.credit_id.in_(entry_ids)))
            .where(Allocation.undoes_id.is_(None))
            .where(~select(counter.id).where(counter.undoes_id == Allocation.id).exists())
            .order_by(Allocation.id)
        )
    )


def _freed_on(account_ids: list[int], entries: dict[int, Entry]) -> dict[Entry, date]:
    counters = select(Allocation.debit_id, Allocation.credit_id, Allocation.effective_on).where(
        Allocation.account_id.in_(account_ids), Allocation.undoes_id.is_not(None)
    )
    freed: dict[Entry, date] = {}
    for debit_id, credit_id, on in db.session.execute(counters):
        for entry in (entries.get(debit_id), entries.get(credit_id)):
            if entry is not None:
                freed[entry] = max(on, freed.get(entry, on))
    return freed


def _row(allotment: Allotment[Entry]) -> dict[str, Any]:
    return {
        "account_id": allotment.debit.account_id,
        "debit_id": allotment.debit.id,
        "credit_id": allotment.credit.id,
        "amount": allotment.amount,
        "effective_on": allotment.effective_on,
    }
