"""One account's ledger."""

from datetime import date

import pytest
from flask import Flask

from tests.factories import NOW, TODAY, a_payment, an_account, an_entry
from wiseops.domain.errors import NotFound
from wiseops.queries import entries
from wiseops.services import allocations
from wiseops.services import entries as writes


def test_the_running_balance_counts_every_entry_of_the_currency(app: Flask):
    account = an_account()
    an_entry(account, "100.00 DKK", number="1", on=date(2026, 1, 1))
    an_entry(account, "7.00 EUR", number="2", on=date(2026, 1, 2))
    a_payment(account, "100.00 DKK", number="P", on=date(2026, 1, 5))
    an_entry(account, "30.00 DKK", number="3", on=date(2026, 1, 4))

    lines = entries.lines(account, "DKK")
    still_open = entries.lines(account, "DKK", only_open=True)

    assert [(line.entry.number, line.balance) for line in lines] == [("P", 3000), ("3", 13000), ("1", 10000)]
    assert [(line.entry.number, line.balance) for line in still_open] == [("3", 13000)]
    assert [line.entry.number for line in entries.lines(account, "DKK", offset=1, limit=1)] == ["3"]
    assert (entries.count(account, "DKK"), entries.count(account, "DKK", only_open=True)) == (3, 1)
    assert entries.currencies(account) == ["DKK", "EUR"]


def test_what_is_owed_is_told_per_currency_with_its_age(app: Flask):
    account = an_account()
    an_entry(account, "100.00 DKK", on=date(2026, 1, 1), due_on=date(2026, 1, 31))
    an_entry(account, "50.00 DKK", on=TODAY)
    a_payment(account, "20.00 EUR")

    dkk, eur = entries.standings(entries.still_open(account), TODAY)

    assert (dkk.position.balance, dkk.position.overdue, dkk.credit) == (15000, 10000, 0)
    assert dkk.buckets == {"not_due": 5000, "1-30": 10000, "31-60": 0, "61-90": 0, "over_90": 0}
    assert (eur.position.balance, eur.credit) == (0, 2000)


def test_an_entry_tells_what_it_was_allocated_to_and_what_was_undone(app: Flask):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK")
    payment = a_payment(account, "40.00 DKK")
    (part,) = entries.parts(entries.get(account, payment))
    assert (part.other.id, part.amount, part.undone_on) == (invoice, 4000, None)

    allocations.undo(part.id, now=NOW, by_id=None)

    (part,) = entries.parts(entries.get(account, invoice))
    assert (part.other.id, part.undone_on) == (payment, TODAY)


def test_an_entry_of_another_account_is_not_found(app: Flask):
    payment = a_payment(an_account(), "40.00 DKK")

    with pytest.raises(NotFound):
        entries.get(an_account(), payment)


def test_a_reversed_entry_says_so(app: Flask):
    account = an_account()
    payment = a_payment(account, "40.00 DKK")
    reversal = writes.reverse(payment, on=TODAY, now=NOW, by_id=None)

    assert [(line.entry.id, line.is_reversed) for line in entries.lines(account, "DKK")] == [
        (reversal, False),
        (payment, True),
    ]
    found = entries.reversal_of(payment)
    assert found is not None
    assert found.id == reversal
