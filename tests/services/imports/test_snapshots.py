"""What a snapshot's silence becomes."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, an_account, an_entry
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Entry, Import
from wiseops.services.imports import Answer, Options, runs, snapshots


def a_run(*proposals: int) -> int:
    answer = Answer(proposals=list(proposals))
    return runs.record(answer, noun="entries", filename="x.csv", profile="", options=Options(snapshot=True), now=NOW)


def still_open(entry_id: int) -> int:
    return db.session.get_one(Entry, entry_id, populate_existing=True).open


def test_confirmed_invoices_are_paid_today_and_the_others_stay(app: Flask):
    account = an_account()
    paid, kept = an_entry(account, "100.00 DKK"), an_entry(account, "50.00 DKK")
    run = a_run(paid, kept)

    assert snapshots.confirm(run, [paid], now=NOW, by_id=None) == 1

    assert (still_open(paid), still_open(kept)) == (0, 5000)
    payment = db.session.scalars(select(Entry).where(Entry.kind == "payment")).one()
    assert (payment.amount, payment.issued_on, payment.source) == (-10000, TODAY, "snapshot")
    assert db.session.get_one(Import, run, populate_existing=True).proposals == []
    assert db.session.get_one(Account, account, populate_existing=True).decided_at == NOW


def test_a_proposal_that_was_paid_meanwhile_is_left_alone(app: Flask):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK")
    run = a_run(invoice)
    an_entry(account, "100.00 DKK", kind="payment")

    assert snapshots.confirm(run, [invoice], now=NOW, by_id=None) == 0


def test_an_entry_that_was_not_proposed_is_not_booked(app: Flask):
    account = an_account()
    proposed, other = an_entry(account, "1.00 DKK"), an_entry(account, "2.00 DKK")

    assert snapshots.confirm(a_run(proposed), [other], now=NOW, by_id=None) == 0
    assert still_open(other) == 200


def test_proposals_are_settled_once(app: Flask):
    run = a_run(an_entry(an_account(), "1.00 DKK"))
    snapshots.confirm(run, [], now=NOW, by_id=None)

    with pytest.raises(Refused, match="already"):
        snapshots.confirm(run, [], now=NOW, by_id=None)
