"""A form sent twice."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, a_payment, an_account, an_entry
from wiseops.domain.errors import Resent
from wiseops.extensions import db
from wiseops.models import Entry, Submission
from wiseops.services import allocations
from wiseops.services.submissions import keep
from wiseops.services.transaction import transaction


def test_the_same_form_sent_twice_makes_one_entry(app: Flask):
    account = an_account()

    first = a_payment(account, "10.00 DKK", token="t1")
    second = a_payment(account, "10.00 DKK", token="t1")
    other = a_payment(account, "10.00 DKK", token="t2")
    with pytest.raises(Resent, match=r"saved before, with .* of 10\.00 DKK"):
        a_payment(account, "12.00 DKK", token="t1")

    assert (second, other) == (first, first + 1)
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2


def test_the_same_allocation_sent_twice_is_made_once(app: Flask):
    account = an_account()
    payment = a_payment(account, "10.00 DKK", allocate_to="9")
    invoice = an_entry(account, "4.00 DKK")

    for _ in range(2):
        allocations.allocate(invoice, payment, None, token="t", now=NOW, by_id=None)

    assert db.session.get_one(Entry, payment).open == -600


def test_forms_are_forgotten_after_a_month(app: Flask):
    with transaction():
        keep("old", 1, now=NOW - timedelta(days=31))
    with transaction():
        keep("new", 2, now=NOW)

    assert list(db.session.scalars(select(Submission.token))) == ["new"]
