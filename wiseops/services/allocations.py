"""Allocations by hand: a credit put against a debit, automatically or as a person chooses, and undone."""

from __future__ import annotations

from datetime import datetime

from wiseops.domain import money
from wiseops.domain.allocations import Allotment
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.money import Money
from wiseops.extensions import db
from wiseops.models import Allocation
from wiseops.queries import company
from wiseops.services import automation, books, entries, events, submissions
from wiseops.services.books import Line
from wiseops.services.transaction import transaction


def allocate(
    debit_id: int, credit_id: int, amount: int | None, *, token: str = "", now: datetime, by_id: int | None
) -> None:
    """Puts `amount` of a credit, or as much as fits, against a debit of its account and currency, once per `token`."""
    with transaction():
        account_id = entries.get(debit_id).account_id
        if entries.get(credit_id).account_id != account_id:
            raise Refused("The debit and the credit are on different accounts.", "credit")
        shelf = books.take([account_id], releasing=[debit_id, credit_id], automatic=False)
        content = (debit_id, credit_id, amount)
        if submissions.made(token, content) is not None:
            return
        book, debit, credit = shelf.books[account_id], entries.get(debit_id), entries.get(credit_id)
        part = min(abs(debit.open), abs(credit.open)) if amount is None else amount
        said = f"an allocation of {Money(part, debit.currency)}"
        submissions.keep(token, debit_id, content, said, now=now)
        book.allocate(debit, credit, part)
        books.put_back(shelf, now=now, by_id=by_id)
        for allotment in book.made:
            _tell("credit_allocated", allotment, now, by_id)
        automation.touch([account_id])
    automation.decide([account_id], now)


def allocate_automatically(account_id: int, *, now: datetime, by_id: int | None) -> int:
    """Allocates every open credit to the oldest open debits. Answers how many allocations that made."""
    with transaction():
        shelf = books.take([account_id], automatic=True)
        book = shelf.books[account_id]
        book.settle_all()
        books.put_back(shelf, now=now, by_id=by_id)
        for allotment in book.made:
            _tell("credit_allocated", allotment, now, by_id)
        if book.made:
            automation.touch([account_id])
    automation.decide([account_id], now)
    return len(book.made)


def undo(allocation_id: int, *, now: datetime, by_id: int | None) -> None:
    """Adds a counter-allocation, so that debit and credit are open again."""
    with transaction():
        allocation = db.session.get(Allocation, allocation_id)
        if allocation is None:
            raise NotFound(f"allocation {allocation_id}")
        account_id = allocation.account_id
        shelf = books.take([account_id], releasing=[allocation.debit_id], automatic=False)
        standing = shelf.standing(allocation_id)
        if standing is None:
            raise Refused("This allocation is undone already.")
        if standing.debit.reverses_id == standing.credit.id or standing.credit.reverses_id == standing.debit.id:
            raise Refused("An entry stays allocated to its reversal.")
        shelf.books[account_id].undo(standing, company.today(now))
        books.put_back(shelf, now=now, by_id=by_id)
        _tell("allocation_undone", standing, now, by_id)
        automation.touch([account_id])
    automation.decide([account_id], now)


def _tell(event: str, allotment: Allotment[Line], now: datetime, by_id: int | None) -> None:
    debit, credit = allotment.debit, allotment.credit
    facts = {
        "debit": debit.number,
        "credit": credit.number,
        "amount": money.plain(allotment.amount, debit.currency),
        "currency": debit.currency,
    }
    events.record(event, account_id=debit.account_id, at=now, by_id=by_id, **facts)
