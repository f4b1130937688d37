"""flask ledger open."""

import json
from datetime import date

import pytest
from flask import Flask

from tests.factories import NOW, a_payment, an_account, an_entry
from wiseops.services import entries


def open_at(app: Flask, day: str) -> list[dict]:
    result = app.test_cli_runner().invoke(args=["ledger", "open", "--at", day, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def account(app: Flask) -> int:
    return an_account()


def test_a_debit_is_open_from_its_issue_until_the_day_it_is_settled(app: Flask, account: int):
    an_entry(account, "100.00 DKK", number="1", on=date(2026, 1, 1), due_on=date(2026, 1, 31))
    a_payment(account, "100.00 DKK", on=date(2026, 2, 10))
    row = {"currency": "DKK", "count": 1, "amount": "100.00", "past_due_count": 0, "past_due_amount": "0.00"}

    assert open_at(app, "2025-12-31") == []
    assert open_at(app, "2026-01-01") == [row]
    assert open_at(app, "2026-01-31") == [row]
    assert open_at(app, "2026-02-01") == [row | {"past_due_count": 1, "past_due_amount": "100.00"}]
    assert open_at(app, "2026-02-10") == []


def test_credits_are_not_netted_and_currencies_not_added(app: Flask, account: int):
    an_entry(account, "100.00 DKK", on=date(2026, 1, 1))
    an_entry(account, "30 JPY", on=date(2026, 1, 1))
    a_payment(account, "10.00 EUR", on=date(2026, 1, 1))

    assert [(row["currency"], row["amount"]) for row in open_at(app, "2026-01-02")] == [
        ("DKK", "100.00"),
        ("JPY", "30"),
    ]


def test_a_reversed_payment_was_a_payment_until_its_reversal(app: Flask, account: int):
    an_entry(account, "100.00 DKK", on=date(2026, 1, 1))
    payment = a_payment(account, "100.00 DKK", on=date(2026, 1, 10))
    entries.reverse(payment, on=date(2026, 1, 20), now=NOW, by_id=None)

    assert [len(open_at(app, day)) for day in ("2026-01-09", "2026-01-15", "2026-01-20")] == [1, 0, 1]


def test_without_json_it_is_a_table(app: Flask, account: int):
    an_entry(account, "100.00 DKK", on=date(2026, 1, 1))

    result = app.test_cli_runner().invoke(args=["ledger", "open", "--at", "2026-01-02"])

    assert "DKK" in result.output
    assert "100.00" in result.output
