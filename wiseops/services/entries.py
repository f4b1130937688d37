"""Entries: recorded, corrected where that is allowed, reversed; never deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from wiseops.domain import money
from wiseops.domain.entries import Kind, Posting
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Entry
from wiseops.services import automation, books, events, locks, postings, submissions
from wiseops.services.transaction import transaction


def record(
    account_id: int,
    *,
    kind: str,
    number: str | None = None,
    issued_on: date,
    due_on: date | None = None,
    currency: str,
    amount: int,
    allocate_to: str = "",
    disputed: int = 0,
    payment_reference: str = "",
    note: str = "",
    source: str = "manual",
    token: str = "",
    now: datetime,
    by_id: int | None = None,
) -> int:
    """Posts one entry and decides about the account. `amount` is positive; only an adjustment carries its own sign.

    No `number`: one is made. No `due_on`: the company's terms. `token`: of the form; the same one makes one entry.
    """
    posting = Posting(
        account_id=account_id,
        kind=kind,
        number=number,
        issued_on=issued_on,
        due_on=due_on,
        currency=currency,
        amount=amount,
        allocate_to=allocate_to,
        disputed=disputed,
        payment_reference=payment_reference,
        note=note,
        source=source,
    )
    with transaction():
        locks.account(account_id)
        if (made := submissions.made(token, posting)) is not None:
            return made
        entry = _post(posting, now, by_id)
        said = f"{entry.number} of {money.Money(abs(entry.amount), currency)}"
        submissions.keep(token, entry.id, posting, said, now=now)
        _tell(f"{kind}_recorded", entry, now, by_id)
    automation.decide([account_id], now)
    return entry.id


def update(
    entry_id: int, *, due_on: date, disputed: int, payment_reference: str, now: datetime, by_id: int | None
) -> None:
    """Changes what may change of an entry: due date, disputed part and reference."""
    with transaction():
        entry = _locked(entry_id)
        if not 0 <= disputed <= abs(entry.amount):
            raise Refused("The disputed part must lie between nothing and the amount.", "disputed")
        entry.due_on, entry.disputed, entry.payment_reference = due_on, disputed, payment_reference.strip()[:60]
        if not db.session.is_modified(entry):
            return
        _tell("entry_changed", entry, now, by_id)
        automation.touch([entry.account_id])
    automation.decide([entry.account_id], now)


def reverse(entry_id: int, *, on: date, now: datetime, by_id: int | None) -> int:
    """Adds an adjustment that takes the entry back, and opens again what it was allocated to. Answers its id."""
    with transaction():
        reversal = take_back(entry_id, on=on, now=now, by_id=by_id)
    automation.decide([reversal.account_id], now)
    return reversal.id


def take_back(entry_id: int, *, on: date, now: datetime, by_id: int | None) -> Entry:
    """Reverses without deciding."""
    with transaction():
        entry = _locked(entry_id)
        _refuse_reversal(entry, on)
        shelf = books.take([entry.account_id], releasing=[entry_id], automatic=False)
        book = shelf.books[entry.account_id]
        book.release(entry, on)
        entry.waiting = False
        reversal = Entry(
            account_id=entry.account_id,
            kind=Kind.ADJUSTMENT,
            number=f"R{entry.id}",
            issued_on=on,
            due_on=on,
            currency=entry.currency,
            amount=-entry.amount,
            open=-entry.amount,
            disputed=0,
            payment_reference="",
            allocate_to="",
            waiting=False,
            note="",
            source="reversal",
            posted_at=now,
            posted_by_id=by_id,
            reverses_id=entry.id,
        )
        db.session.add(reversal)
        debit, credit = (entry, reversal) if entry.amount > 0 else (reversal, entry)
        book.allocate(debit, credit, debit.amount)
        books.put_back(shelf, now=now, by_id=by_id)
        _tell(f"{entry.kind}_reversed", entry, now, by_id)
        automation.touch([entry.account_id])
    return reversal


def get(entry_id: int) -> Entry:
    """The entry, or NotFound."""
    entry = db.session.get(Entry, entry_id)
    if entry is None:
        raise NotFound(f"entry {entry_id}")
    return entry


def _locked(entry_id: int) -> Entry:
    entry = get(entry_id)
    locks.account(entry.account_id)
    db.session.refresh(entry)
    return entry


def _refuse_reversal(entry: Entry, on: date) -> None:
    if entry.reverses_id is not None:
        raise Refused("This entry is a reversal itself. Record a new entry instead.")
    if db.session.scalar(select(Entry.id).where(Entry.reverses_id == entry.id)) is not None:
        raise Refused("This entry is reversed already.")
    if on < entry.issued_on:
        raise Refused("It cannot be reversed before the day it is dated.", "on")


def _post(posting: Posting, now: datetime, by_id: int | None) -> Entry:
    (posted,) = postings.post([posting], now=now, by_id=by_id)
    if posted.refused:
        raise posted.refused
    if posted.outcome != "created" or posted.entry_id is None:
        raise Refused(f"There is a {posting.kind} {posting.number} already.", "number")
    return db.session.get_one(Entry, posted.entry_id)


def _tell(event: str, entry: Entry, now: datetime, by_id: int | None) -> None:
    facts = {
        "entry_id": entry.id,
        "entry_kind": entry.kind,
        "number": entry.number,
        "amount": money.plain(entry.amount, entry.currency),
        "currency": entry.currency,
    }
    events.record(event, account_id=entry.account_id, at=now, by_id=by_id, **facts)
