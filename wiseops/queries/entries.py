"""The entries of one account: its ledger, what is open, and how old that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import aliased

from wiseops.domain import ageing, positions
from wiseops.domain.disputes import Dispute
from wiseops.domain.entries import Item
from wiseops.domain.errors import NotFound
from wiseops.domain.positions import Position
from wiseops.domain.promises import Promise
from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.queries.among import among, rows_of

IS_OPEN: ColumnElement[bool] = Entry.open != literal_column("0")
"""Written so that the partial index of open entries serves it."""


_COLUMNS = (
    Entry.id,
    Entry.kind,
    Entry.number,
    Entry.issued_on,
    Entry.due_on,
    Entry.currency,
    Entry.amount,
    Entry.open,
    Entry.disputed,
)
_ITEMS = select(Entry.account_id, *_COLUMNS).where(among(Entry.account_id), IS_OPEN).order_by(Entry.id)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in the ledger, and the balance of its currency after it."""

    entry: Entry
    balance: int
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account owes in one currency today: `credit` lies unallocated, `net` is negative in credit."""

    currency: str
    position: Position
    credit: int
    net: int
    buckets: dict[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """An allocation as seen from one of its entries: `other` is the other side."""

    id: int
    other: Entry
    amount: int
    effective_on: date
    undone_on: date | None


def get(account_id: int, entry_id: int) -> Entry:
    """The account's entry, or NotFound."""
    entry = db.session.get(Entry, entry_id)
    if entry is None or entry.account_id != account_id:
        raise NotFound(f"entry {entry_id}")
    return entry


def currencies(account_id: int) -> list[str]:
    """The currencies of the account's entries, the most used first."""
    used = select(Entry.currency).where(Entry.account_id == account_id).group_by(Entry.currency)
    return list(db.session.scalars(used.order_by(func.count().desc(), Entry.currency)))


def lines(
    account_id: int, currency: str, *, only_open: bool = False, offset: int = 0, limit: int | None = 50
) -> list[Line]:
    """The ledger in one currency, newest first; the running balance counts every entry, shown or not."""
    order = (Entry.issued_on, Entry.id)
    running = func.sum(Entry.amount).over(order_by=order).label("balance")
    ledger = select(Entry.id, running).where(Entry.account_id == account_id, Entry.currency == currency).subquery()
    reversal = aliased(Entry)
    is_reversed = select(reversal.id).where(reversal.reverses_id == Entry.id).exists()
    query = select(Entry, ledger.c.balance, is_reversed).join(ledger, ledger.c.id == Entry.id)
    if only_open:
        query = query.where(IS_OPEN)
    query = query.order_by(Entry.issued_on.desc(), Entry.id.desc()).offset(offset).limit(limit)
    return [Line(entry, int(balance), undone) for entry, balance, undone in db.session.execute(query)]


def count(account_id: int, currency: str, *, only_open: bool = False) -> int:
    """How many entries there are in one currency."""
    of_account = select(func.count()).where(Entry.account_id == account_id, Entry.currency == currency)
    return db.session.scalar(of_account.where(IS_OPEN) if only_open else of_account) or 0


def still_open(account_id: int) -> list[Entry]:
    """Open entries, oldest due first: debits and credits of every currency."""
    of_account = select(Entry).where(Entry.account_id == account_id, IS_OPEN)
    return list(db.session.scalars(of_account.order_by(Entry.due_on, Entry.issued_on, Entry.number)))


def open_items(account_ids: Sequence[int]) -> tuple[dict[int, list[Item]], dict[int, dict[str, int]]]:
    """The open debits of these accounts as decisions see them, and their unallocated credit per currency."""
    items: dict[int, list[Item]] = defaultdict(list)
    credit: dict[int, dict[str, int]] = {}
    for account_id, *rest in rows_of(account_ids, _ITEMS):
        item = Item(*rest)
        if item.open > 0:
            items[account_id].append(item)
        else:
            left = credit.setdefault(account_id, {})
            left[item.currency] = left.get(item.currency, 0) - item.open
    return items, credit


def standings(
    entries: Sequence[Entry], today: date, promises: Sequence[Promise] = (), disputes: Sequence[Dispute] = ()
) -> list[Standing]:
    """Per currency what is owed, overdue and how old, from an account's open entries, promises and disputes."""
    items = [item(entry) for entry in entries if entry.open > 0]
    credit: dict[str, int] = defaultdict(int)
    for entry in entries:
        if entry.open < 0:
            credit[entry.currency] -= entry.open
    book = positions.stand(items, credit, today, promises, disputes)
    return [
        Standing(
            code,
            position,
            credit.get(code, 0),
            sum(each.open for each in entries if each.currency == code),
            ageing.aged([(each.due_on, each.open) for each in items if each.currency == code], today),
        )
        for code, position in sorted(book.positions.items())
    ]


def item(entry: Entry) -> Item:
    """The entry as decisions see it."""
    return Item(*(getattr(entry, column.key) for column in _COLUMNS))


def parts(entry: Entry) -> list[Part]:
    """What the entry is and was allocated to, oldest first."""
    mine, theirs = Allocation.debit_id, Allocation.credit_id
    if entry.amount < 0:
        mine, theirs = theirs, mine
    counter = aliased(Allocation)
    query: Any = (
        select(Allocation.id, Entry, Allocation.amount, Allocation.effective_on, counter.effective_on)
        .join(Entry, Entry.id == theirs)
        .outerjoin(counter, counter.undoes_id == Allocation.id)
        .where(mine == entry.id, Allocation.undoes_id.is_(None))
        .order_by(Allocation.id)
    )
    return [Part(*row) for row in db.session.execute(query)]


def reversal_of(entry_id: int) -> Entry | None:
    """The entry that takes this one back, if any."""
    return db.session.scalars(select(Entry).where(Entry.reverses_id == entry_id)).first()


def recent(account_id: int, kind: str, limit: int = 100) -> list[Entry]:
    """The account's latest entries of a kind."""
    of_account = select(Entry).where(Entry.account_id == account_id, Entry.kind == kind)
    return list(db.session.scalars(of_account.order_by(Entry.issued_on.desc(), Entry.id.desc()).limit(limit)))
