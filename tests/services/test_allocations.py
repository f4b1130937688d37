"""Allocating by hand and by itself, and undoing it."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, a_payment, an_account, an_entry
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Allocation, Company, Entry, Event
from wiseops.services import allocations, entries


@pytest.fixture
def by_hand(app: Flask) -> None:
    db.session.get_one(Company, 1).credit_allocation = False
    db.session.commit()


def still_open(*entry_ids: int) -> list[int]:
    return [db.session.get_one(Entry, entry_id, populate_existing=True).open for entry_id in entry_ids]


def the_allocations() -> list[Allocation]:
    return list(db.session.scalars(select(Allocation).order_by(Allocation.id)))


def test_a_person_chooses_debit_credit_and_amount(by_hand: None):
    account = an_account()
    invoice, payment = an_entry(account, "100.00 DKK"), a_payment(account, "80.00 DKK")

    allocations.allocate(invoice, payment, 3000, now=NOW, by_id=None)

    assert still_open(invoice, payment) == [7000, -5000]
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.kind, last.facts["amount"]) == ("credit_allocated", "30.00")


def test_more_than_is_open_is_refused(by_hand: None):
    account = an_account()
    invoice, payment = an_entry(account, "100.00 DKK"), a_payment(account, "80.00 DKK")

    with pytest.raises(Refused):
        allocations.allocate(invoice, payment, 8001, now=NOW, by_id=None)
    assert still_open(invoice, payment) == [10000, -8000]


def test_entries_of_two_accounts_or_currencies_are_never_allocated(by_hand: None):
    account = an_account()
    invoice, foreign = an_entry(account, "100.00 DKK"), a_payment(account, "80.00 EUR")
    strange = a_payment(an_account(), "80.00 DKK")

    for credit in (foreign, strange):
        with pytest.raises(Refused):
            allocations.allocate(invoice, credit, 100, now=NOW, by_id=None)


def test_all_credit_goes_to_the_oldest_when_asked(by_hand: None):
    account = an_account()
    new = an_entry(account, "50.00 DKK", number="2", on=date(2026, 2, 1))
    old = an_entry(account, "50.00 DKK", number="1", on=date(2026, 1, 1))
    payments = [a_payment(account, "30.00 DKK"), a_payment(account, "30.00 DKK")]

    assert allocations.allocate_automatically(account, now=NOW, by_id=None) == 3

    assert still_open(old, new, *payments) == [0, 4000, 0, 0]
    assert allocations.allocate_automatically(account, now=NOW, by_id=None) == 0


def test_an_undone_allocation_opens_both_sides_by_a_counter_row(app: Flask):
    account = an_account()
    invoice, payment = an_entry(account, "100.00 DKK"), a_payment(account, "80.00 DKK")
    (allocation,) = the_allocations()

    allocations.undo(allocation.id, now=NOW, by_id=None)

    assert still_open(invoice, payment) == [10000, -8000]
    counter = the_allocations()[1]
    assert (counter.amount, counter.undoes_id, counter.effective_on) == (-8000, allocation.id, TODAY)
    for id in (allocation.id, counter.id):
        with pytest.raises(Refused):
            allocations.undo(id, now=NOW, by_id=None)
    with pytest.raises(NotFound):
        allocations.undo(99, now=NOW, by_id=None)


def test_a_reversal_stays_allocated_to_what_it_reverses(app: Flask):
    payment = a_payment(an_account(), "80.00 DKK")
    entries.reverse(payment, on=TODAY, now=NOW, by_id=None)
    (allocation,) = the_allocations()

    with pytest.raises(Refused):
        allocations.undo(allocation.id, now=NOW, by_id=None)
