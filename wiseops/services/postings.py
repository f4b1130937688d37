"""Postings: what sources say of entries becomes entries, many at a time, without deciding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from wiseops.domain import entries
from wiseops.domain.entries import Kind, Posted, Posting
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Entry
from wiseops.queries import company
from wiseops.services import automation, books
from wiseops.services.books import Line, NewEntry, Shelf
from wiseops.services.transaction import transaction

_ACCOUNTS_AT_ONCE = 200
_PREFIXES = {
    Kind.INVOICE: "INV",
    Kind.CREDIT_NOTE: "CN",
    Kind.PAYMENT: "PAY",
    Kind.FEE: "FEE",
    Kind.INTEREST: "INT",
    Kind.CHARGE: "CHG",
    Kind.REFUND: "REF",
    Kind.ADJUSTMENT: "ADJ",
    Kind.WRITE_OFF: "WO",
}


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds for every posting of a call."""

    now: datetime
    by_id: int | None
    automatic: bool
    days: int
    currencies: frozenset[str]


def post(
    postings: Sequence[Posting], *, now: datetime, by_id: int | None = None, automatic: bool | None = None
) -> list[Posted]:
    """Posts by account, issue date, debits first. Answers in the order of `postings`; a refused one stops no other.

    A known number with the same amount takes the new due date, dispute and reference.
    `automatic` None: whether credit is allocated by itself is the company's setting.
    """
    with transaction():
        settings = company.get()
        if automatic is None:
            automatic = settings.credit_allocation
        terms = _Terms(now, by_id, automatic, settings.terms_days, company.currencies())
        by_account: dict[int, dict[int, Posting]] = defaultdict(dict)
        for index, posting in enumerate(postings):
            by_account[posting.account_id][index] = posting
        ids = sorted(by_account)
        answers: dict[int, Posted] = {}
        for start in range(0, len(ids), _ACCOUNTS_AT_ONCE):
            few: dict[int, Posting] = {}
            for account_id in ids[start : start + _ACCOUNTS_AT_ONCE]:
                few |= by_account[account_id]
            answers |= _post(few, terms)
        return [answers[index] for index in range(len(postings))]


def _post(postings: dict[int, Posting], terms: _Terms) -> dict[int, Posted]:
    """Posts for a few accounts: they are locked together, and written together at the end."""
    answers: dict[int, Posted] = {}
    checked: dict[int, Posting] = {}
    for index, posting in postings.items():
        try:
            checked[index] = entries.check(posting, terms.currencies)
        except Refused as refused:
            answers[index] = Posted("refused", refused=refused)
    desk = _Desk(list(checked.values()), {posting.account_id for posting in postings.values()}, terms)
    done: dict[int, tuple[str, Line]] = {}
    for index in sorted(checked, key=lambda index: checked[index].order):
        try:
            done[index] = desk.take(checked[index])
        except Refused as refused:
            answers[index] = Posted("refused", refused=refused)
    books.put_back(desk.shelf, now=terms.now, by_id=terms.by_id)
    if changed := {entry.account_id for outcome, entry in done.values() if outcome != "unchanged"}:
        automation.touch(changed)
    return answers | {index: Posted(outcome, entry.id) for index, (outcome, entry) in done.items()}


class _Desk:
    """Books and known entries of a few locked accounts, where postings are taken one by one."""

    shelf: Shelf

    def __init__(self, postings: list[Posting], account_ids: set[int], terms: _Terms) -> None:
        numbers = {text for posting in postings for text in (posting.number, posting.allocate_to) if text}
        refunded = {posting.allocate_to for posting in postings if posting.kind == Kind.REFUND and posting.allocate_to}
        releasing = books.credits_numbered(account_ids, refunded) if refunded else ()
        self.shelf = books.take(account_ids, numbers=numbers, releasing=releasing, automatic=terms.automatic)
        self._known = {(line.account_id, line.kind, line.number): line for line in self.shelf.lines}
        self._terms = terms

    def take(self, posting: Posting) -> tuple[str, Line]:
        """Posts a new entry, or brings a known one up to date."""
        number = posting.number or self._next_number(posting)
        known = self._known.get((posting.account_id, posting.kind, number))
        if known is not None:
            return _revise(known, posting), known
        entry = self._entry(posting, number)
        book = self.shelf.books[posting.account_id]
        if book.names_foreign(entry):
            raise Refused(f"{posting.allocate_to} is in another currency than {posting.currency}.", "allocate_to")
        book.post(entry)
        self.shelf.new.append(entry)
        self._known[posting.account_id, posting.kind, number] = entry
        return "created", entry

    def _entry(self, posting: Posting, number: str) -> NewEntry:
        amount = posting.signed
        terms_days = self._terms.days if amount > 0 else 0
        return NewEntry(
            account_id=posting.account_id,
            kind=posting.kind,
            number=number,
            issued_on=posting.issued_on,
            due_on=posting.due_on or posting.issued_on + timedelta(days=terms_days),
            currency=posting.currency,
            amount=amount,
            open=amount,
            disputed=posting.disputed or 0,
            payment_reference=posting.payment_reference or "",
            allocate_to=posting.allocate_to,
            note=posting.note.strip()[:500],
            source=posting.source,
            posted_at=self._terms.now,
            posted_by_id=self._terms.by_id,
        )

    def _next_number(self, posting: Posting) -> str:
        prefix = _PREFIXES[Kind(posting.kind)]
        same = select(Entry.number).where(Entry.account_id == posting.account_id, Entry.kind == posting.kind)
        taken = set(db.session.scalars(same))
        key = (posting.account_id, posting.kind)
        taken |= {number for account_id, kind, number in self._known if (account_id, kind) == key}
        count = len(taken) + 1
        while f"{prefix}-{count}" in taken:
            count += 1
        return f"{prefix}-{count}"


def _revise(entry: Line, posting: Posting) -> str:
    """Amount, currency and kind of an entry never change; its due date, dispute and reference may."""
    if (entry.amount, entry.currency) != (posting.signed, posting.currency):
        raise Refused(f"{entry.number} is known with another amount. Import a credit note instead.", "amount")
    if entry.issued_on != posting.issued_on:
        raise Refused(f"{entry.number} is known with the issue date {entry.issued_on}, which stays.", "issued_on")
    if posting.allocate_to and posting.allocate_to != entry.allocate_to:
        raise Refused(f"{entry.number} is posted already. Allocate it by hand.", "allocate_to")
    said = {
        "due_on": posting.due_on,
        "disputed": posting.disputed,
        "payment_reference": posting.payment_reference,
    }
    changed = {column: value for column, value in said.items() if value is not None and value != getattr(entry, column)}
    for column, value in changed.items():
        setattr(entry, column, value)
    return "updated" if changed else "unchanged"
