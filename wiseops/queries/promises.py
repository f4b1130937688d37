"""Promises of accounts: the open ones as decisions see them, and all of them for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import aliased

from wiseops.domain import promises as rules
from wiseops.domain.errors import NotFound
from wiseops.domain.promises import Part, Receipt, Status
from wiseops.extensions import db
from wiseops.models import Allocation, Entry, Promise, PromiseItem, PromisePart, User
from wiseops.queries.among import among, rows_of
from wiseops.queries.unindexed import unindexed

_OPEN = select(Promise).where(among(Promise.account_id), unindexed(Promise.status) == Status.OPEN).order_by(Promise.id)
_PARTS: Any = (
    select(PromisePart.promise_id, PromisePart.amount, PromisePart.due_on, PromisePart.excused)
    .where(among(PromisePart.promise_id))
    .order_by(PromisePart.promise_id, PromisePart.place)
)
_MADE_BY, _ENDED_BY, _ASSIGNEE = aliased(User), aliased(User), aliased(User)
_LISTED = (
    select(Promise, _MADE_BY.name, _ENDED_BY.name, _ASSIGNEE.name)
    .outerjoin(_MADE_BY, _MADE_BY.id == Promise.made_by_id)
    .outerjoin(_ENDED_BY, _ENDED_BY.id == Promise.ended_by_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Promise.assignee_id)
    .where(Promise.account_id == bindparam("account_id"))
    .order_by(Promise.status != Status.OPEN, Promise.id.desc())
)
_ITEMS: Any = select(PromiseItem.promise_id, PromiseItem.entry_id).where(among(PromiseItem.promise_id))


@dataclass(frozen=True, slots=True)
class Listed:
    """A promise as people read it; `terms` its parts and items, `received` so far, or when it was over."""

    promise: Promise
    terms: rules.Promise
    numbers: tuple[str, ...]
    made_by: str | None
    ended_by: str | None
    assignee: str | None

    @property
    def received(self) -> int:
        return self.terms.received if self.promise.status == Status.OPEN else self.promise.received


def get(account_id: int, promise_id: int) -> Promise:
    """The account's promise, or NotFound."""
    promise = db.session.get(Promise, promise_id, populate_existing=True)
    if promise is None or promise.account_id != account_id:
        raise NotFound(f"promise {promise_id}")
    return promise


def open_of(account_ids: Sequence[int]) -> dict[int, tuple[rules.Promise, ...]]:
    """The open promises of these accounts."""
    rows = db.session.scalars(_OPEN.execution_options(populate_existing=True), {"ids": account_ids}).all()
    terms = _terms(rows)
    found: dict[int, list[rules.Promise]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(terms[row.id])
    return {account_id: tuple(promises) for account_id, promises in found.items()}


def of_account(account_id: int) -> list[Listed]:
    """Every promise, the open ones first, then the latest."""
    found = db.session.execute(_LISTED, {"account_id": account_id}).all()
    terms = _terms([row[0] for row in found])
    numbers = _numbers(list(terms))
    return [Listed(row[0], terms[row[0].id], numbers.get(row[0].id, ()), *row[1:]) for row in found]


def _terms(rows: Sequence[Promise]) -> dict[int, rules.Promise]:
    """What was promised and what came of it, of rows of any status."""
    if not rows:
        return {}
    ids = [row.id for row in rows]
    parts: dict[int, list[Part]] = defaultdict(list)
    for promise_id, amount, due_on, excused in rows_of(ids, _PARTS):
        parts[promise_id].append(Part(amount, due_on, excused))
    items: dict[int, set[int]] = defaultdict(set)
    for promise_id, entry_id in rows_of(ids, _ITEMS):
        items[promise_id].add(entry_id)
    receipts: dict[int, list[Receipt]] = defaultdict(list)
    for promise_id, on, amount in rows_of(ids, _RECEIPTS):
        receipts[promise_id].append(Receipt(on, int(amount)))
    return {
        row.id: rules.Promise(
            row.id,
            row.currency,
            tuple(parts[row.id]),
            row.last_entry_id,
            frozenset(items[row.id]) if row.over_items else None,
            tuple(receipts[row.id]),
            row.assignee_id,
        )
        for row in rows
    }


def _receipts() -> Any:
    """Per promise and day what credits that came after it paid of what was there; over the balance also unallocated."""
    debit = aliased(Entry)
    chosen = and_(PromiseItem.promise_id == Promise.id, PromiseItem.entry_id == Allocation.debit_id)
    allocated = (
        select(Promise.id, Allocation.effective_on, func.sum(Allocation.amount))
        .join(Allocation, Allocation.account_id == Promise.account_id)
        .join(debit, and_(debit.id == Allocation.debit_id, debit.currency == Promise.currency))
        .outerjoin(PromiseItem, chosen)
        .where(among(Promise.id), or_(~Promise.over_items, PromiseItem.entry_id.is_not(None)))
        .where(Allocation.credit_id > Promise.last_entry_id, Allocation.debit_id <= Promise.last_entry_id)
        .group_by(Promise.id, Allocation.effective_on)
    )
    unallocated = (
        select(Promise.id, Entry.issued_on, -Entry.open)
        .join(Entry, and_(Entry.account_id == Promise.account_id, Entry.currency == Promise.currency))
        .where(among(Promise.id), ~Promise.over_items, Entry.id > Promise.last_entry_id, Entry.open < 0)
    )
    return union_all(allocated, unallocated)


_RECEIPTS = _receipts()


def _numbers(promise_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    named = select(PromiseItem.promise_id, Entry.number).join(Entry, Entry.id == PromiseItem.entry_id)
    query = named.where(PromiseItem.promise_id.in_(promise_ids)).order_by(Entry.due_on, Entry.issued_on, Entry.number)
    numbers: dict[int, tuple[str, ...]] = {}
    for promise_id, number in db.session.execute(query) if promise_ids else ():
        numbers[promise_id] = (*numbers.get(promise_id, ()), number)
    return numbers
