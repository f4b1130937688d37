"""A replay lives the book again, in a copy of its own."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests import books
from tests.conftest import a_config
from tests.factories import a_payment, an_account, an_entry
from tests.oracles import figures, properties, standard
from wiseops.app import create_app
from wiseops.domain.contacts import Details
from wiseops.domain.errors import Refused
from wiseops.extensions import Base, db
from wiseops.services import contacts, entries
from wiseops.services.replays import runs

FIRST, LAST = date(2013, 4, 1), date(2013, 6, 30)
NOW = datetime(2014, 1, 1, tzinfo=UTC)


def a_debtor(number: str = "K1", **details: Any) -> int:
    account_id = an_account(number=number, now=NOW, **details)
    contacts.create(account_id, Details(name="Ida", email="ida@example.com"), now=NOW)
    return account_id


def an_invoice(account_id: int, number: str, due_on: date, owed: str = "100.00 DKK", **columns: Any) -> int:
    columns = {"on": due_on.replace(day=1), **columns}
    return an_entry(account_id, owed, number=number, due_on=due_on, now=NOW, **columns)


def replay(tmp_path: Path, first: date = FIRST, last: date = LAST, lines: list[str] | None = None) -> dict[str, Any]:
    progress = (lines if lines is not None else []).append
    return runs.run(first, last, work=tmp_path / "work.sqlite", progress=progress)


def told(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["at"][:10], row["engagement"], row["step"], row["channel"], row["items"]) for row in answer["messages"]
    ]


def live() -> dict[str, list[Any]]:
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {table.name: [tuple(row) for row in db.session.execute(select(table))] for table in tables}


@books.needs_ibm
def test_three_months_of_a_real_ledger_send_what_the_design_says_and_nothing_else(app: Flask, tmp_path: Path):
    first, last = date(2012, 2, 1), date(2012, 4, 30)
    path = books.ibm_until(last, tmp_path)
    books.put(path)

    answer = replay(tmp_path, first, last)

    sys.stdout.write(f"{len(answer['messages'])} messages and calls\n")
    book = standard.read(path)
    assert answer["messages"] == standard.messages(book, first, last, "USD")
    properties.check(answer, book, first, last)
    with create_app(a_config(tmp_path, f"sqlite:///{tmp_path / 'work.sqlite'}")).app_context():
        figures.check((date(2012, 2, 15), date(2012, 3, 31), last))
        db.engine.dispose()


def test_an_unpaid_invoice_goes_through_every_step(app: Flask, tmp_path: Path):
    an_invoice(a_debtor(), "1", date(2013, 4, 8))

    answer = replay(tmp_path)

    assert told(answer) == [
        ("2013-04-11", 1, 1, "email", ["1"]),
        ("2013-04-18", 1, 2, "email", ["1"]),
        ("2013-04-29", 1, 3, "email", ["1"]),
        ("2013-05-08", 1, 4, "call", ["1"]),
    ]
    assert len(answer["days"]) == 91
    assert answer["messages"][0]["at"] == "2013-04-11T08:00:00+00:00"
    assert [(day["on"], day["sent"]) for day in answer["days"] if day["queued"]] == [
        ("2013-04-11", 1),
        ("2013-04-18", 1),
        ("2013-04-29", 1),
    ]


def test_what_is_older_than_the_first_day_opens_the_book(app: Flask, tmp_path: Path):
    account = a_debtor()
    an_invoice(account, "1", date(2013, 2, 8))
    an_invoice(account, "2", date(2013, 2, 9))
    a_payment(account, "100.00 DKK", on=date(2013, 3, 1), allocate_to="2", now=NOW)

    answer = replay(tmp_path)

    assert told(answer)[0] == ("2013-04-02", 1, 1, "email", ["1"])


def test_a_payment_settles_and_its_reversal_lets_the_engagement_go_on(app: Flask, tmp_path: Path):
    account = a_debtor()
    an_invoice(account, "1", date(2013, 4, 8))
    paid = a_payment(account, "100.00 DKK", on=date(2013, 4, 15), now=NOW)
    entries.reverse(paid, on=date(2013, 4, 25), now=NOW, by_id=None)

    answer = replay(tmp_path, last=date(2013, 4, 29))

    assert told(answer) == [("2013-04-11", 1, 1, "email", ["1"]), ("2013-04-25", 1, 2, "email", ["1"])]


def test_a_message_over_two_currencies_has_a_row_for_each(app: Flask, tmp_path: Path):
    account = a_debtor()
    an_invoice(account, "1", date(2013, 4, 8))
    an_invoice(account, "2", date(2013, 4, 8), "20.50 EUR")

    rows = replay(tmp_path, last=date(2013, 4, 12))["messages"]

    assert [(row["currency"], row["amount"], row["items"]) for row in rows] == [
        ("DKK", "100.00", ["1"]),
        ("EUR", "20.50", ["2"]),
    ]


def test_the_companys_holidays_count_for_everyone(app: Flask, tmp_path: Path):
    an_invoice(a_debtor(country="NO"), "1", date(2013, 5, 14))

    answer = replay(tmp_path, last=date(2013, 5, 31))

    assert told(answer)[0][0] == "2013-05-17"


def test_the_live_book_stays_as_it_is(app: Flask, tmp_path: Path):
    an_invoice(a_debtor(), "1", date(2013, 4, 8))
    before = live()

    replay(tmp_path, last=date(2013, 4, 30))

    assert live() == before


def test_a_finished_replay_answers_at_once_and_a_longer_one_goes_on(app: Flask, tmp_path: Path):
    an_invoice(a_debtor(), "1", date(2013, 4, 8))
    half, lines = replay(tmp_path, last=date(2013, 4, 20)), []

    assert replay(tmp_path, last=date(2013, 4, 20), lines=lines) == half
    assert lines == []
    last = date(2013, 5, 10)
    whole = replay(tmp_path, last=last)
    assert told(whole)[:2] == told(half)
    assert len(whole["days"]) == 40
    assert whole == runs.run(FIRST, last, work=tmp_path / "other.sqlite", progress=lines.append)


def test_a_work_file_of_another_book_is_refused(app: Flask, tmp_path: Path):
    account = a_debtor()
    an_invoice(account, "1", date(2013, 4, 8))
    replay(tmp_path, last=date(2013, 4, 3))
    an_invoice(account, "2", date(2013, 4, 9))

    with pytest.raises(Refused, match="another book"):
        replay(tmp_path)


@pytest.mark.parametrize("content", [b"number,name\n", b"SQLite"])
def test_a_work_file_that_is_no_database_is_refused(app: Flask, tmp_path: Path, content: bytes):
    (tmp_path / "work.sqlite").write_bytes(content)

    with pytest.raises(Refused, match="no SQLite database"):
        replay(tmp_path)
    assert (tmp_path / "work.sqlite").read_bytes() == content


def test_days_out_of_order_are_refused(app: Flask, tmp_path: Path):
    with pytest.raises(Refused, match="before the first"):
        replay(tmp_path, LAST, FIRST)
