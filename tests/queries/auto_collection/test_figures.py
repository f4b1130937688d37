"""The four figures equal what independent SQL says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from tests.factories import NOW, a_message, a_payment, an_account, an_entry, running
from wiseops.extensions import db
from wiseops.queries.auto_collection import collected, figures
from wiseops.queries.auto_collection.periods import Period
from wiseops.services import entries

DUE = date(2026, 2, 20)


@pytest.fixture
def reminded(app: Flask) -> tuple[int, int]:
    """An account and its invoice of 100 DKK, listed by a message that left on 2 March."""
    running()
    account = an_account()
    invoice = an_entry(account, "100.00 DKK", on=date(2026, 1, 20), due_on=DUE)
    a_message(account, invoice)
    return account, invoice


def test_outstanding_is_what_accounts_not_yet_engaged_owe(app: Flask):
    running()
    early, late = an_account(), an_account()
    an_entry(early, "70.00 DKK", due_on=date(2026, 4, 1))
    an_entry(late, "30.00 DKK", on=DUE, due_on=DUE)
    an_entry(late, "5.00 EUR", due_on=date(2026, 4, 1))
    engaged = an_account()
    a_message(engaged, an_entry(engaged, "900.00 DKK", on=DUE, due_on=DUE))

    found = figures.read()
    assert [(o.currency, o.balance, o.overdue) for o in found.outstanding] == [("DKK", 10000, 3000), ("EUR", 500, 0)]
    assert found.stages["engaged"] == 1
    sql = text(
        "SELECT e.currency, sum(e.open) FROM entries e JOIN accounts a ON a.id = e.account_id"
        " WHERE a.stage IN ('outstanding', 'scheduled') GROUP BY e.currency ORDER BY e.currency"
    )
    assert [(o.currency, o.balance) for o in found.outstanding] == [tuple(row) for row in db.session.execute(sql)]


def test_a_payment_after_the_first_message_is_collected_once(reminded: tuple[int, int]):
    account, invoice = reminded
    a_message(account, invoice, step=2, at=NOW + timedelta(days=8))
    a_payment(account, "60.00 DKK", on=date(2026, 3, 20))
    assert collected.total() == {"DKK": 6000}


def test_a_payment_before_the_first_message_is_not(reminded: tuple[int, int]):
    a_payment(reminded[0], "60.00 DKK", on=date(2026, 3, 1))
    assert collected.total() == {}


@pytest.mark.parametrize(("day", "amount"), [(date(2026, 4, 1), 10000), (date(2026, 4, 2), None)])
def test_it_counts_until_thirty_days_after_the_last_message(reminded: tuple[int, int], day: date, amount: int | None):
    a_payment(reminded[0], "100.00 DKK", on=day)
    assert collected.total().get("DKK") == amount


def test_only_items_that_the_messages_listed_count(reminded: tuple[int, int]):
    other = an_entry(reminded[0], "40.00 DKK", on=DUE, due_on=date(2026, 3, 1))
    a_payment(reminded[0], "130.00 DKK", on=date(2026, 3, 10))
    assert other
    assert collected.total() == {"DKK": 10000}


@pytest.mark.parametrize("kind", ["credit_note", "write_off"])
def test_only_payments_count(reminded: tuple[int, int], kind: str):
    an_entry(reminded[0], "100.00 DKK", kind=kind, on=date(2026, 3, 10))
    assert collected.total() == {}


def test_a_reversed_payment_is_deducted(reminded: tuple[int, int]):
    payment = a_payment(reminded[0], "100.00 DKK", on=date(2026, 3, 10))
    assert collected.total() == {"DKK": 10000}
    entries.reverse(payment, on=date(2026, 3, 12), now=NOW + timedelta(days=10), by_id=None)
    assert collected.total() == {}


def test_a_message_that_never_left_collects_nothing(app: Flask):
    running()
    account = an_account()
    a_message(account, an_entry(account, "100.00 DKK", on=DUE, due_on=DUE), status="failed")
    a_payment(account, "100.00 DKK", on=date(2026, 3, 10))
    assert collected.total() == {}


def test_the_period_picks_payments_by_their_day(reminded: tuple[int, int]):
    a_payment(reminded[0], "10.00 DKK", on=date(2026, 3, 10))
    a_payment(reminded[0], "20.00 DKK", on=date(2026, 3, 11))
    assert collected.total(Period(date(2026, 3, 11), date(2026, 3, 11))) == {"DKK": 2000}
    assert collected.by_day(Period(until=date(2026, 3, 11))) == {
        (date(2026, 3, 10), "DKK"): 1000,
        (date(2026, 3, 11), "DKK"): 2000,
    }


@pytest.mark.parametrize(
    ("status", "counts"), [("sent", 1), ("delivered", 1), ("undelivered", 1), ("unknown", 1), ("failed", 0)]
)
def test_messages_that_left_count_whatever_became_of_them(app: Flask, status: str, counts: int):
    running()
    account = an_account()
    a_message(account, an_entry(account, "100.00 DKK", on=DUE, due_on=DUE), status=status)
    assert figures.read().messages_sent == counts


def test_the_day_of_a_message_is_the_companys(app: Flask):
    running()
    account = an_account()
    a_message(account, an_entry(account, "1.00 DKK", on=DUE, due_on=DUE), at=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert figures.messages(Period(date(2026, 3, 3), date(2026, 3, 3))) == {"sent": 1}
    assert figures.messages(Period(date(2026, 3, 2), date(2026, 3, 2))) == {}
