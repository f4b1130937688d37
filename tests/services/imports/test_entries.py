"""What a file of entries does to the ledger."""

import csv
import itertools
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.conftest import SHARED
from tests.factories import NOW, an_account, an_entry
from wiseops.extensions import db
from wiseops.formats.tables import Unreadable
from wiseops.models import Account, Allocation, Automation, Company, Contact, Entry
from wiseops.queries.ledger import open_debits
from wiseops.services.imports import Answer, Options, import_entries
from wiseops.services.transaction import transaction

HEADER = "account,kind,number,issued_on,due_on,currency,amount,allocate_to,disputed_amount,payment_reference"
_prefixes = itertools.count(1)
LATER = datetime(2026, 3, 9, 9, tzinfo=UTC)
IBM = SHARED / "ibm-late-payment" / "WA_Fn-UseC_-Accounts-Receivable.csv"


def read(*rows: str, header: str = HEADER, now: datetime = NOW, **options: bool) -> Answer:
    return import_entries("\n".join([header, *rows, ""]).encode(), options=Options(**options), now=now)


def ledger() -> list[tuple[str, str, int, int]]:
    query = select(Entry.kind, Entry.number, Entry.amount, Entry.open).order_by(
        Entry.issued_on, Entry.kind, Entry.number
    )
    return [tuple(row) for row in db.session.execute(query)]


def counts(answer: Answer) -> tuple[int, int, int, int, int]:
    return answer.rows, answer.created, answer.updated, answer.unchanged, answer.rejected


def the_error(answer: Answer) -> tuple[int, str, str]:
    (problem,) = answer.problems
    return problem.row, problem.field, problem.message


def test_entries_are_posted_and_the_account_is_decided(app: Flask):
    account = an_account(number="1001")

    answer = read(
        "1001,invoice,55,2026-01-31,2026-02-14,DKK,100.00,,,7100",
        "1001,payment,P1,2026-02-20,,DKK,40.00,55,,",
    )

    assert counts(answer) == (2, 2, 0, 0, 0)
    assert ledger() == [("invoice", "55", 10000, 6000), ("payment", "P1", -4000, 0)]
    assert db.session.get_one(Account, account, populate_existing=True).decided_at == NOW
    assert db.session.get_one(Automation, 1, populate_existing=True).ledger_at == NOW


def test_the_same_file_again_changes_nothing(app: Flask):
    account = an_account(number="1001")
    rows = ["1001,invoice,55,2026-01-31,,DKK,100.00,,25.00,7100", "1001,payment,P1,2026-02-20,,DKK,40.00,55,,"]
    read(*rows)
    before, rev = ledger(), db.session.get_one(Account, account, populate_existing=True).rev

    again = read(*rows, now=LATER)

    assert counts(again) == (2, 0, 0, 2, 0)
    assert ledger() == before
    assert db.session.get_one(Account, account, populate_existing=True).rev == rev


def test_a_dry_run_says_what_would_happen_and_does_not_do_it(app: Flask):
    an_account(number="1001")

    answer = read("1001,invoice,55,2026-01-31,,DKK,100.00,,,", "1001,invoice,56,41275,,DKK,1.00,,,", dry_run=True)

    assert counts(answer) == (2, 1, 0, 0, 1)
    assert ledger() == []
    assert db.session.get_one(Automation, 1, populate_existing=True).ledger_at is None


def test_one_bad_row_stops_the_whole_file(app: Flask):
    an_account(number="1001")

    answer = read("1001,invoice,55,2026-01-31,,DKK,100.00,,,", "1001,invoice,56,41275,,DKK,1.00,,,")

    assert counts(answer) == (2, 0, 0, 0, 1)
    assert answer.to_json()["errors"][0]["row"] == 3
    assert ledger() == []


def test_the_good_rows_go_in_where_that_is_asked_for(app: Flask):
    an_account(number="1001")

    answer = read(
        "1001,invoice,55,2026-01-31,,DKK,100.00,,,",
        "1001,invoice,56,41275,,DKK,1.00,,,",
        "9999,invoice,57,2026-01-31,,DKK,1.00,,,",
        accept_partial=True,
    )

    assert counts(answer) == (3, 1, 0, 0, 2)
    assert [problem.row for problem in answer.problems] == [3, 4]
    assert ledger() == [("invoice", "55", 10000, 10000)]


def test_a_changed_due_date_dispute_or_reference_is_an_update(app: Flask):
    an_account(number="1001")
    read("1001,invoice,55,2026-01-31,2026-02-14,DKK,100.00,,,")

    answer = read("1001,invoice,55,2026-01-31,2026-02-28,DKK,100.00,,30.00,71")

    assert counts(answer) == (1, 0, 1, 0, 0)
    invoice = db.session.scalars(select(Entry)).one()
    assert (invoice.due_on, invoice.disputed, invoice.payment_reference) == (date(2026, 2, 28), 3000, "71")


def test_a_dispute_that_the_file_no_longer_has_is_over(app: Flask):
    an_account(number="1001")
    read("1001,invoice,55,2026-01-31,,DKK,100.00,,30.00,")

    assert read("1001,invoice,55,2026-01-31,,DKK,100.00,,,").updated == 1
    assert db.session.scalar(select(Entry.disputed)) == 0


def test_a_column_that_is_not_there_changes_nothing(app: Flask):
    an_account(number="1001")
    read("1001,invoice,55,2026-01-31,2026-02-14,DKK,100.00,,30.00,71")

    answer = read("1001,invoice,55,2026-01-31,DKK,100.00", header="account,kind,number,issued_on,currency,amount")

    assert counts(answer) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("1001,invoice,55,2026-01-31,,DKK,90.00,,,", "amount", "credit note"),
        ("1001,invoice,55,2026-01-31,,EUR,100.00,,,", "amount", "credit note"),
        ("9999,invoice,1,2026-01-31,,DKK,1.00,,,", "account", "no account 9999"),
        ("1001,invoice,1,2026-01-31,,DKK,1.00,,2.00,", "disputed_amount", "disputed part"),
        ("1001,payment,1,2026-01-31,,EUR,1.00,55,,", "allocate_to", "another currency"),
        ("1001,credit_note,1,2026-01-31,,DKK,1.00,P9,,", "allocate_to", "P9 is a payment"),
        ("1001,invoice,1,2026-01-31,,DKK,1.00,55,,", "allocate_to", "Only a credit"),
    ],
)
def test_a_row_that_the_ledger_refuses_is_rejected(app: Flask, row: str, field: str, words: str):
    account = an_account(number="1001")
    an_entry(account, "100.00 DKK", number="55", on=date(2026, 1, 31))
    an_entry(account, "1.00 DKK", kind="payment", number="P9")

    found_row, found_field, message = the_error(read(row))

    assert (found_row, found_field) == (2, field)
    assert words in message


def test_a_row_that_comes_twice_is_rejected(app: Flask):
    an_account(number="1001")

    row = "1001,invoice,55,2026-01-31,,DKK,100.00,,,"

    assert the_error(read(row, row)) == (3, "number", "Row 2 has invoice 55 of account 1001 already.")


def test_a_number_may_be_used_once_a_kind_and_account(app: Flask):
    an_account(number="1001")
    an_account(number="1002")

    answer = read(
        "1001,invoice,55,2026-01-31,,DKK,100.00,,,",
        "1001,payment,55,2026-02-01,,DKK,100.00,55,,",
        "1002,invoice,55,2026-01-31,,DKK,100.00,,,",
    )

    assert counts(answer) == (3, 3, 0, 0, 0)


def test_a_credit_for_an_invoice_in_a_later_row_finds_it(app: Flask):
    an_account(number="1001")

    read(
        "1001,payment,P1,2026-02-20,,DKK,40.00,56,,",
        "1001,invoice,55,2026-01-01,,DKK,100.00,,,",
        "1001,invoice,56,2026-01-31,,DKK,100.00,,,",
    )

    assert ("invoice", "56", 10000, 6000) in ledger()
    assert ("invoice", "55", 10000, 10000) in ledger()


def test_a_credit_for_an_unknown_invoice_waits_for_it_and_is_unallocated_until_then(app: Flask):
    an_account(number="1001")
    read("1001,invoice,55,2026-01-01,,DKK,100.00,,,", "1001,payment,P1,2026-02-20,,DKK,40.00,56,,")
    assert ledger() == [("invoice", "55", 10000, 10000), ("payment", "P1", -4000, -4000)]

    answer = read("1001,invoice,56,2026-01-31,,DKK,100.00,,,")

    assert counts(answer) == (1, 1, 0, 0, 0)
    assert ("invoice", "56", 10000, 6000) in ledger()


def test_an_empty_due_date_takes_the_companys_terms(app: Flask):
    an_account(number="1001")
    read("1001,invoice,55,2026-01-01,,DKK,100.00,,,")
    assert db.session.scalar(select(Entry.due_on)) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"account;kind\n1;invoice\n", "missing: number, issued_on, currency, amount"),
        (b"number,name\n1,Acme\n", "not known: name"),
        (b"PK\x03\x04rest", "Excel"),
        (b"account,kind\0\n", "NUL"),
        (b"", "empty"),
    ],
)
def test_what_is_no_file_of_entries_is_unreadable(app: Flask, content: bytes, words: str):
    with pytest.raises(Unreadable, match=words):
        import_entries(content, options=Options(), now=NOW)


def test_a_snapshot_proposes_the_open_invoices_that_it_does_not_list(app: Flask):
    account = an_account(number="1001")
    gone = an_entry(account, "100.00 DKK", number="54")
    an_entry(account, "5.00 DKK", kind="fee", number="F1")

    answer = read("1001,invoice,55,2026-01-31,,DKK,100.00,,,", snapshot=True)

    assert answer.proposals == [gone]
    assert db.session.get_one(Entry, gone, populate_existing=True).open == 10000
    assert read("1001,invoice,54,2026-03-02,,DKK,100.00,,,", snapshot=True, dry_run=True).proposals != [gone]


def test_a_snapshot_with_a_rejected_row_proposes_nothing(app: Flask):
    an_entry(an_account(number="1001"), "100.00 DKK", number="54")

    answer = read("1001,invoice,54,41275,,DKK,100.00,,,", snapshot=True, accept_partial=True)

    assert answer.rejected == 1
    assert answer.proposals == []


def test_a_fresh_ledger_lets_every_account_go_on_that_waited_for_one(app: Flask):
    an_account(number="1001")
    with transaction():
        db.session.get_one(Company, 1).ledger_max_age_days = 3
    versions = []
    for now in (NOW, NOW + timedelta(days=1), NOW + timedelta(days=5)):
        read(now=now)
        versions.append(db.session.get_one(Automation, 1, populate_existing=True).rules_version)

    first, fresh, old = versions
    assert (fresh, old) == (first, first + 1)


ROWS = [
    "{0}1,invoice,1,2026-01-01,2026-01-31,DKK,100.00,,,",
    "{0}1,invoice,2,2026-01-01,2026-01-15,DKK,50.00,,,",
    "{0}1,invoice,3,2026-02-01,2026-02-15,DKK,80.00,,,",
    "{0}1,payment,P1,2026-01-20,,DKK,70.00,3,,",
    "{0}1,payment,P2,2026-01-20,,DKK,60.00,,,",
    "{0}1,credit_note,C1,2026-02-01,,DKK,20.00,1,,",
    "{0}1,payment,P3,2026-02-03,,DKK,30.00,9,,",
    "{0}1,refund,R1,2026-02-10,,DKK,25.00,P2,,",
    "{0}1,adjustment,A1,2026-02-11,,DKK,-5.00,2,,",
    "{0}2,invoice,1,2026-01-01,2026-01-31,EUR,100.00,,,",
    "{0}2,payment,P1,2026-01-01,,EUR,10.00,1,,",
]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(ROWS))))
def test_the_order_of_the_rows_in_a_file_makes_no_difference(app: Flask, order: list[int]):
    assert _open_amounts([ROWS[index] for index in order]) == _open_amounts(ROWS)


def _open_amounts(rows: list[str]) -> list[tuple[str, str, str, int]]:
    """What is open after `rows` were imported into two accounts of their own."""
    prefix = f"X{next(_prefixes)}-"
    ids = [an_account(number=prefix + end) for end in "12"]
    assert read(*(row.format(prefix) for row in rows)).created == len(rows)
    query = select(Entry.account_id, Entry.kind, Entry.number, Entry.open).where(Entry.account_id.in_(ids))
    found = sorted(tuple(row) for row in db.session.execute(query))
    return [(id - ids[0], kind, number, left) for id, kind, number, left in found]


@pytest.mark.skipif(not IBM.exists(), reason="the late-payment file is not here: ../shared/data/ibm-late-payment")
def test_the_late_payment_file_goes_in_whole_and_only_once(app: Flask):
    content = IBM.read_bytes()

    assert counts(import_entries(content, options=Options(), now=NOW)) == (2466, 2466, 0, 0, 0)
    assert counts(import_entries(content, options=Options(), now=LATER)) == (2466, 0, 0, 2466, 0)

    kinds = dict(db.session.execute(select(Entry.kind, func.count()).group_by(Entry.kind)).all())
    assert kinds == {"invoice": 2466, "payment": 2466}
    assert db.session.scalar(select(func.count()).where(Entry.open != 0)) == 0
    assert db.session.scalar(select(func.count(Allocation.id))) == 2466
    account = db.session.scalars(select(Account).where(Account.number == "0379-NEVHP")).one()
    contact = db.session.scalars(select(Contact).where(Contact.account_id == account.id)).one()
    assert (account.name, account.country, contact.email) == ("0379-NEVHP", None, "0379-NEVHP@example.com")
    assert contact.default_email
    assert db.session.scalar(select(func.count(Account.id))) == 100
    assert db.session.scalar(
        select(Entry.number).where(Entry.account_id == account.id, Entry.number == "0000611365").limit(1)
    )


@pytest.mark.skipif(not IBM.exists(), reason="the late-payment file is not here: ../shared/data/ibm-late-payment")
def test_the_book_of_a_day_is_what_the_late_payment_file_says_itself(app: Flask):
    import_entries(IBM.read_bytes(), options=Options(), now=NOW)
    with IBM.open(newline="") as file:
        rows = list(csv.DictReader(file))

    for on in (date(2012, 12, 31), date(2013, 6, 30), date(2013, 9, 30)):
        issued = [row for row in rows if american(row["InvoiceDate"]) <= on < american(row["SettledDate"])]
        late = [row for row in issued if american(row["DueDate"]) < on]
        expected = [("USD", len(issued), in_cents(issued), len(late), in_cents(late))]

        assert [astuple(row) for row in open_debits(on)] == expected
        assert len(late) > 0


def in_cents(rows: list[dict[str, str]]) -> int:
    return sum(round(float(row["InvoiceAmount"]) * 100) for row in rows)


def american(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)
