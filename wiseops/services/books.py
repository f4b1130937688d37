"""The books of accounts: taken out under lock, changed in memory, put back in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, literal_column, or_, select
from sqlalchemy.orm import aliased

from wiseops.domain.allocations import Allotment, Book
from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.queries import disputes
from wiseops.services import locks

_ENTRIES = cast(Table, Entry.__table__)
_ALLOCATIONS = cast(Table, Allocation.__table__)
_NUMBERS_AT_ONCE = 10_000
_FRESH = {"populate_existing": True}


@dataclass(eq=False, slots=True, kw_only=True)
class NewEntry:
    """An entry on its way into the ledger: plain, since a book may take a hundred thousand. Its id comes last."""

    id: int = 0
    account_id: int
    kind: str
    number: str
    issued_on: date
    due_on: date
    currency: str
    amount: int
    open: int
    disputed: int = 0
    payment_reference: str = ""
    allocate_to: str = ""
    waiting: bool = False
    note: str = ""
    source: str
    posted_at: datetime
    posted_by_id: int | None
    reverses_id: int | None = None


Line = Entry | NewEntry
_COLUMNS = tuple(column.name for column in fields(NewEntry) if column.name != "id")


@dataclass(slots=True)
class Shelf:
    """Books by account, what is new in them, and the rows of the allotments in them that were there before."""

    books: dict[int, Book[Line]]
    new: list[NewEntry] = field(default_factory=list)
    rows: dict[Allotment[Line], int] = field(default_factory=dict)

    @property
    def lines(self) -> Iterator[Line]:
        return (line for book in self.books.values() for line in book.lines)

    def standing(self, allocation_id: int) -> Allotment[Line] | None:
        return next((allotment for allotment, row in self.rows.items() if row == allocation_id), None)


def take(
    account_ids: Collection[int], *, numbers: Collection[str] = (), releasing: Collection[int] = (), automatic: bool
) -> Shelf:
    """Locks the accounts and loads what is open on them, and the entries of these numbers.

    `releasing` are entries whose allocations may be undone: those come along, with their other sides.
    """
    ids = locks.accounts(account_ids)
    entries: dict[int, Line] = {entry.id: entry for entry in _entries(ids, numbers)}
    allocations = _standing(releasing)
    sides = {side for row in allocations for side in (row.debit_id, row.credit_id)} | set(releasing)
    if missing := sides - set(entries):
        found = db.session.scalars(select(Entry).where(Entry.id.in_(missing)).execution_options(**_FRESH))
        entries |= {entry.id: entry for entry in found}
    shelf = Shelf({})
    allotments: dict[int, list[Allotment[Line]]] = defaultdict(list)
    for row in allocations:
        allotment: Allotment[Line] = Allotment(
            entries[row.debit_id], entries[row.credit_id], row.amount, row.effective_on
        )
        shelf.rows[allotment] = row.id
        allotments[row.account_id].append(allotment)
    lines: dict[int, list[Line]] = defaultdict(list)
    for entry in entries.values():
        lines[entry.account_id].append(entry)
    freed_on, resting = _freed_on(ids, entries), _resting(ids, entries) if automatic else {}
    for id in ids:
        shelf.books[id] = Book(
            lines[id], automatic=automatic, standing=allotments[id], freed_on=freed_on, resting=resting.get(id)
        )
    return shelf


def put_back(shelf: Shelf, *, now: datetime, by_id: int | None) -> None:
    """Writes new and changed entries, the allocations made, and a counter-allocation for each undone."""
    db.session.flush()
    if shelf.new:
        adding = insert(_ENTRIES).returning(Entry.id, sort_by_parameter_order=True)
        rows = [{name: getattr(entry, name) for name in _COLUMNS} for entry in shelf.new]
        for entry, id in zip(shelf.new, db.session.scalars(adding, rows), strict=True):
            entry.id = id
    signed: dict[str, Any] = {"at": now, "by_id": by_id}
    made = [allotment for book in shelf.books.values() for allotment in book.made]
    if made:
        allocating = insert(_ALLOCATIONS).returning(Allocation.id, sort_by_parameter_order=True)
        ids = db.session.scalars(allocating, [_row(allotment) | signed for allotment in made])
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


def _freed_on(account_ids: list[int], entries: dict[int, Line]) -> dict[Line, date]:
    counters = select(Allocation.debit_id, Allocation.credit_id, Allocation.effective_on).where(
        Allocation.account_id.in_(account_ids), Allocation.undoes_id.is_not(None)
    )
    freed: dict[Line, date] = {}
    for debit_id, credit_id, on in db.session.execute(counters):
        for entry in (entries.get(debit_id), entries.get(credit_id)):
            if entry is not None:
                freed[entry] = max(on, freed.get(entry, on))
    return freed


def _resting(account_ids: list[int], entries: dict[int, Line]) -> dict[int, dict[Line, int]]:
    """By account, how much of its debits rests because of a dispute that was noted here."""
    found: dict[int, dict[Line, int]] = defaultdict(dict)
    for account_id, noted in disputes.watched(account_ids).items():
        for dispute in noted:
            if (entry := entries.get(dispute.item)) is not None:
                found[account_id][entry] = found[account_id].get(entry, 0) + dispute.rests(entry.amount)
    return found


def _row(allotment: Allotment[Line]) -> dict[str, Any]:
    return {
        "account_id": allotment.debit.account_id,
        "debit_id": allotment.debit.id,
        "credit_id": allotment.credit.id,
        "amount": allotment.amount,
        "effective_on": allotment.effective_on,
    }
