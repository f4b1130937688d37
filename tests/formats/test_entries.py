"""Rows of entries."""

from datetime import date

import pytest

from wiseops.domain.entries import Kind
from wiseops.formats import entries, tables
from wiseops.formats.profiles import IBM_LATE_PAYMENT, NATIVE, Profile
from wiseops.formats.tables import Problem

HEADER = "account,kind,number,issued_on,due_on,currency,amount,allocate_to,disputed_amount,payment_reference"
IBM_HEADER = (
    "countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,"
    "Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate"
)


def read(row: str, *, header: str = HEADER, profile: Profile = NATIVE["entries"]) -> list[entries.Row] | list[Problem]:
    table = tables.read(f"{header}\n{row}\n".encode())
    reader = entries.Reader(profile, table.header, currencies={"DKK", "USD", "JPY"})
    return [found for number, cells in table.rows() for found in reader.read(number, cells)]


def test_an_invoice_is_read():
    assert read("1001,invoice,0055,2026-01-31,,DKK,100.50,,25.00,7100") == [
        entries.Row(2, "1001", Kind.INVOICE, "0055", date(2026, 1, 31), None, "DKK", 10050, "", 2500, "7100")
    ]


def test_a_column_that_is_not_there_says_nothing_and_an_empty_dispute_says_none():
    short = "account,kind,number,issued_on,currency,amount"
    (row,) = read("1001,invoice,55,2026-01-31,DKK,1.00", header=short)
    assert (row.disputed, row.payment_reference) == (None, None)
    (row,) = read("1001,invoice,55,2026-01-31,,DKK,1.00,,,")
    assert (row.disputed, row.payment_reference) == (0, "")


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (",invoice,55,2026-01-31,,DKK,1.00,,,", "account", "empty"),
        ("1001,invoise,55,2026-01-31,,DKK,1.00,,,", "kind", "not a kind"),
        ("1001,invoice,1.23E+10,2026-01-31,,DKK,1.00,,,", "number", "Excel"),
        ("1001,invoice,7900770.0,2026-01-31,,DKK,1.00,,,", "number", "decimal number"),
        ("1001,invoice,55,41275,,DKK,1.00,,,", "issued_on", "Excel"),
        ("1001,invoice,55,2026-01-31,2013-13-02,DKK,1.00,,,", "due_on", "does not exist"),
        ("1001,invoice,55,2026-01-31,,KRR,1.00,,,", "currency", "not a currency"),
        ("1001,invoice,55,2026-01-31,,DKK,-1.00,,,", "amount", "negative"),
        ("1001,invoice,55,2026-01-31,,DKK,0.00,,,", "amount", "zero"),
        ('1001,invoice,55,2026-01-31,,DKK,"1.234,56",,,', "amount", "not written like"),
        ("1001,invoice,55,2026-01-31,,JPY,1.50,,,", "amount", "more decimals"),
        ("1001,invoice,55,2026-01-31,,DKK,1.00,,-1,", "disputed_amount", "negative"),
        ("1001,invoice,55,2026-01-31,,DKK,1.00,54,,", "allocate_to", "Only a credit"),
        ("1001,invoice,55,2026-01-31", "", "cut off"),
    ],
)
def test_a_wrong_cell_is_named(row: str, field: str, words: str):
    (problem,) = read(row)
    assert isinstance(problem, Problem)
    assert (problem.row, problem.field) == (2, field)
    assert words in problem.message


def test_everything_that_is_wrong_with_a_row_is_said_at_once():
    problems = read("1001,invoice,55,41275,,DKK,-1.00,,,")
    assert sorted(problem.field for problem in problems) == ["amount", "issued_on"]


def test_an_adjustment_carries_its_own_sign():
    (row,) = read("1001,adjustment,55,2026-01-31,,DKK,-1.00,54,,")
    assert (row.amount, row.allocate_to) == (-100, "54")


def test_the_settlement_column_becomes_a_payment_of_the_invoice():
    row = "391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0"
    invoice, payment = read(row, header=IBM_HEADER, profile=IBM_LATE_PAYMENT)
    assert (invoice.kind, invoice.number, invoice.amount, invoice.due_on) == (
        "invoice",
        "0000611365",
        5594,
        date(2013, 2, 1),
    )
    assert (payment.kind, payment.number, payment.issued_on) == ("payment", "0000611365", date(2013, 1, 15))
    assert payment.allocate_to == "0000611365"


def test_an_open_invoice_has_no_payment_and_none_is_settled_before_its_issue():
    row = "391,0379-NEVHP,4/6/2013,0000611365,1/2/2013,2/1/2013,55.94,No,{},Paper,13,0"
    assert len(read(row.format(""), header=IBM_HEADER, profile=IBM_LATE_PAYMENT)) == 1
    (problem,) = read(row.format("1/1/2013"), header=IBM_HEADER, profile=IBM_LATE_PAYMENT)
    assert problem.field == "SettledDate"
