"""Many postings at once."""

from dataclasses import replace
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, TODAY, an_account
from wiseops.domain.entries import Posting
from wiseops.extensions import db
from wiseops.models import Account, Entry
from wiseops.services import postings


def a_posting(account_id: int, number: str, amount: int = 100, **columns: object) -> Posting:
    fields = {"kind": "invoice", "issued_on": TODAY, "due_on": None, "currency": "DKK"} | columns
    return Posting(account_id=account_id, number=number, amount=amount, **fields)  # type: ignore[arg-type]


def outcomes(*many: Posting) -> list[str]:
    return [posted.outcome for posted in postings.post(many, now=NOW)]


def test_debits_are_posted_before_credits_whatever_their_order_in_the_file(app: Flask):
    account = an_account()
    payment = a_posting(account, "P", kind="payment", allocate_to="1")

    posted = postings.post([payment, a_posting(account, "1")], now=NOW)

    entries = [db.session.get_one(Entry, each.entry_id) for each in posted]
    assert [(entry.open, entry.waiting) for entry in entries] == [(0, False), (0, False)]


def test_the_same_postings_again_change_nothing(app: Flask):
    account = an_account()
    many = [a_posting(account, "1"), a_posting(account, "P", kind="payment", allocate_to="1")]
    assert outcomes(*many) == ["created", "created"]
    rev = db.session.get_one(Account, account).rev

    assert outcomes(*many) == ["unchanged", "unchanged"]
    assert db.session.get_one(Account, account, populate_existing=True).rev == rev


def test_a_duplicate_within_the_postings_is_taken_once(app: Flask):
    account = an_account()

    assert outcomes(a_posting(account, "1"), a_posting(account, "1")) == ["created", "unchanged"]
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1


def test_a_known_number_takes_a_new_due_date_and_dispute(app: Flask):
    account = an_account()
    first = a_posting(account, "1")
    outcomes(first)

    assert outcomes(replace(first, due_on=date(2026, 6, 1), disputed=40)) == ["updated"]
    entry = db.session.scalars(select(Entry)).one()
    assert (entry.due_on, entry.disputed) == (date(2026, 6, 1), 40)
    assert outcomes(first) == ["unchanged"]


def test_a_known_number_with_another_amount_is_refused(app: Flask):
    account = an_account()
    outcomes(a_posting(account, "1"))

    (posted,) = postings.post([a_posting(account, "1", 200)], now=NOW)

    assert posted.refused is not None
    assert "credit note" in posted.refused.message
    assert posted.refused.field == "amount"


def test_one_refused_stops_no_other(app: Flask):
    one, two = an_account(), an_account()
    wrong = a_posting(two, "2", currency="ABC")

    assert outcomes(a_posting(one, "1"), wrong, a_posting(two, "1")) == ["created", "refused", "created"]


def test_named_credits_come_before_others_of_the_day(app: Flask):
    account = an_account()
    unnamed = a_posting(account, "A", kind="payment")
    named = a_posting(account, "B", kind="payment", allocate_to="1")

    posted = postings.post([unnamed, named, a_posting(account, "1")], now=NOW)

    assert [db.session.get_one(Entry, each.entry_id).open for each in posted] == [-100, 0, 0]


def test_a_payment_waits_only_for_its_own_accounts_invoice(app: Flask):
    one, two = an_account(), an_account()
    posted = postings.post([a_posting(one, "1"), a_posting(two, "P", kind="payment", allocate_to="1")], now=NOW)

    assert [db.session.get_one(Entry, each.entry_id).waiting for each in posted] == [False, True]
