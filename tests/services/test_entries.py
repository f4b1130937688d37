"""What posting, correcting and reversing do to a ledger."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, TODAY, a_payment, an_account, an_entry
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Allocation, Company, Entry, Event
from wiseops.services import entries


def the(entry_id: int) -> Entry:
    return db.session.get_one(Entry, entry_id, populate_existing=True)


def still_open(entry_id: int) -> int:
    return the(entry_id).open


def allocations() -> list[tuple[int, int, int, date]]:
    columns = (Allocation.debit_id, Allocation.credit_id, Allocation.amount, Allocation.effective_on)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Allocation.id))]


def test_an_invoice_is_a_debit_due_after_the_companys_terms(app: Flask):
    invoice = the(an_entry(an_account(), "100.00 DKK"))

    assert (invoice.amount, invoice.open, invoice.due_on) == (10000, 10000, TODAY + timedelta(days=30))


def test_a_payment_is_a_credit_due_on_its_day(app: Flask):
    payment = the(a_payment(an_account(), "100.00 DKK"))

    assert (payment.amount, payment.open, payment.due_on) == (-10000, -10000, TODAY)


def test_an_adjustment_carries_its_own_sign(app: Flask):
    account = an_account()

    down = an_entry(account, "-5.00 DKK", kind="adjustment")

    assert the(down).amount == -500


def test_an_entry_without_number_is_given_the_next_of_its_kind(app: Flask):
    account = an_account()
    a_payment(account, "1.00 DKK", number="PAY-2")

    assert the(a_payment(account, "2.00 DKK")).number == "PAY-3"
    assert the(an_entry(account, "2.00 DKK")).number == "INV-1"


def test_the_same_number_twice_is_refused(app: Flask):
    account = an_account()
    an_entry(account, "1.00 DKK", number="7")

    with pytest.raises(Refused, match="already"):
        an_entry(account, "1.00 DKK", number="7")
    assert the(a_payment(account, "1.00 DKK", number="7")).number == "7"


@pytest.mark.parametrize(
    ("owed", "columns", "field"),
    [
        ("0.00 DKK", {}, "amount"),
        ("-1.00 DKK", {}, "amount"),
        ("1.00 XXX", {}, "currency"),
        ("1.00 DKK", {"kind": "gift"}, "kind"),
        ("1.00 DKK", {"disputed": 101}, "disputed_amount"),
        ("1.00 DKK", {"number": " "}, "number"),
        ("1.00 DKK", {"number": "1\x002"}, "number"),
    ],
)
def test_what_no_ledger_can_hold_is_refused_on_its_field(app: Flask, owed: str, columns: dict, field: str):
    account = an_account()

    with pytest.raises(Refused) as refused:
        an_entry(account, owed, **columns)
    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_a_payment_goes_to_the_invoice_it_names_and_the_rest_to_the_oldest(app: Flask):
    account = an_account()
    old = an_entry(account, "50.00 DKK", number="1", on=date(2026, 1, 1))
    new = an_entry(account, "50.00 DKK", number="2", on=date(2026, 2, 1))

    payment = a_payment(account, "70.00 DKK", allocate_to="2")

    assert (still_open(old), still_open(new), still_open(payment)) == (3000, 0, 0)
    assert allocations() == [(new, payment, 5000, TODAY), (old, payment, 2000, TODAY)]


def test_the_oldest_is_by_due_date_then_issue_date_then_number(app: Flask):
    account = an_account()
    due = date(2026, 2, 1)
    third = an_entry(account, "1.00 DKK", number="3", on=date(2026, 1, 2), due_on=due)
    second = an_entry(account, "1.00 DKK", number="2", on=date(2026, 1, 2), due_on=due)
    first = an_entry(account, "1.00 DKK", number="9", on=date(2026, 1, 1), due_on=due)
    a_payment(account, "3.00 DKK")

    assert [row[0] for row in allocations()] == [first, second, third]


def test_without_credit_allocation_only_a_named_invoice_is_paid(app: Flask):
    db.session.get_one(Company, 1).credit_allocation = False
    db.session.commit()
    account = an_account()
    other = an_entry(account, "50.00 DKK", number="1")
    named = an_entry(account, "50.00 DKK", number="2")

    payment = a_payment(account, "70.00 DKK", allocate_to="2")

    assert (still_open(other), still_open(named), still_open(payment)) == (5000, 0, -2000)


def test_a_credit_never_pays_another_currency(app: Flask):
    account = an_account()
    invoice = an_entry(account, "50.00 EUR", number="1")

    payment = a_payment(account, "50.00 DKK")

    assert (still_open(invoice), still_open(payment)) == (5000, -5000)
    with pytest.raises(Refused, match="currency"):
        a_payment(account, "50.00 DKK", allocate_to="1")


def test_a_credit_naming_an_unknown_invoice_waits_for_it(app: Flask):
    account = an_account()
    other = an_entry(account, "50.00 DKK", number="1")
    payment = a_payment(account, "70.00 DKK", allocate_to="2")
    assert the(payment).waiting
    assert (still_open(other), still_open(payment)) == (5000, -7000)

    named = an_entry(account, "60.00 DKK", number="2", on=date(2026, 3, 20))

    assert not the(payment).waiting
    assert (still_open(named), still_open(other), still_open(payment)) == (0, 4000, 0)
    assert allocations()[0] == (named, payment, 6000, date(2026, 3, 20))


def test_a_new_invoice_takes_credit_that_is_left(app: Flask):
    account = an_account()
    payment = a_payment(account, "70.00 DKK")

    invoice = an_entry(account, "50.00 DKK")

    assert (still_open(invoice), still_open(payment)) == (0, -2000)


def test_a_refund_takes_its_payment_back_from_the_newest_first(app: Flask):
    account = an_account()
    old = an_entry(account, "60.00 DKK", number="1", on=date(2026, 1, 1))
    new = an_entry(account, "40.00 DKK", number="2", on=date(2026, 1, 2))
    payment = a_payment(account, "100.00 DKK", number="P", on=date(2026, 2, 1))

    refund = an_entry(account, "50.00 DKK", kind="refund", allocate_to="P", on=date(2026, 2, 10))

    assert [still_open(entry) for entry in (old, new, payment, refund)] == [1000, 4000, 0, 0]
    assert allocations()[2:] == [
        (refund, payment, 5000, date(2026, 2, 10)),
        (old, payment, 5000, date(2026, 2, 10)),
        (new, payment, -4000, date(2026, 2, 10)),
        (old, payment, -6000, date(2026, 2, 10)),
    ]


def test_a_second_refund_leaves_the_first_alone(app: Flask):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK", number="1")
    a_payment(account, "100.00 DKK", number="P")
    first = an_entry(account, "30.00 DKK", kind="refund", allocate_to="P")

    second = an_entry(account, "30.00 DKK", kind="refund", allocate_to="P")

    assert [still_open(entry) for entry in (first, second, invoice)] == [0, 0, 6000]


def test_a_reversed_payment_opens_its_invoices_again(app: Flask):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK", on=date(2026, 1, 1))
    payment = a_payment(account, "100.00 DKK", on=date(2026, 2, 1))

    reversal = entries.reverse(payment, on=date(2026, 2, 10), now=NOW, by_id=None)

    assert [still_open(entry) for entry in (invoice, payment, reversal)] == [10000, 0, 0]
    assert (the(reversal).kind, the(reversal).amount, the(reversal).reverses_id) == ("adjustment", 10000, payment)
    later = a_payment(account, "100.00 DKK", on=date(2026, 2, 5))
    assert allocations()[-1] == (invoice, later, 10000, date(2026, 2, 10))


def test_a_reversed_invoice_leaves_its_payment_as_credit(app: Flask):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK")
    payment = a_payment(account, "30.00 DKK")

    entries.reverse(invoice, on=TODAY, now=NOW, by_id=None)

    assert (still_open(invoice), still_open(payment)) == (0, -3000)


def test_nothing_is_reversed_twice_nor_a_reversal(app: Flask):
    payment = a_payment(an_account(), "100.00 DKK")
    reversal = entries.reverse(payment, on=TODAY, now=NOW, by_id=None)

    with pytest.raises(Refused, match="already"):
        entries.reverse(payment, on=TODAY, now=NOW, by_id=None)
    with pytest.raises(Refused, match="itself"):
        entries.reverse(reversal, on=TODAY, now=NOW, by_id=None)


def test_nothing_is_reversed_before_its_own_day(app: Flask):
    payment = a_payment(an_account(), "100.00 DKK")

    with pytest.raises(Refused):
        entries.reverse(payment, on=TODAY - timedelta(days=1), now=NOW, by_id=None)


def test_due_date_dispute_and_reference_may_change(app: Flask):
    invoice = an_entry(an_account(), "100.00 DKK")

    entries.update(invoice, due_on=date(2026, 5, 1), disputed=2500, payment_reference="71 123", now=NOW, by_id=None)

    changed = the(invoice)
    assert (changed.due_on, changed.disputed, changed.payment_reference) == (date(2026, 5, 1), 2500, "71 123")


def test_every_change_touches_the_account_and_shows_on_the_timeline(app: Flask):
    account = an_account()
    before = db.session.get_one(Account, account).rev

    a_payment(account, "1.00 DKK")

    assert db.session.get_one(Account, account, populate_existing=True).rev == before + 1
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.kind, last.facts["amount"], last.facts["currency"]) == ("payment_recorded", "-1.00", "DKK")
