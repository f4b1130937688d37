"""The first guess at an unknown file."""

import pytest

from wiseops.formats import tables
from wiseops.formats.proposals import propose

DANISH = """Kundenr;Kundenavn;E-mail;Fakturanr;Fakturadato;Forfaldsdato;Beløb;Valuta;Sælger
1001;Ærø Færgefart;a@example.com;55001;03-01-2026;02-02-2026;1.234,50;DKK;KL
1002;Blåbær;b@example.com;55002;14-01-2026;13-02-2026;99,00;DKK;KL
"""
NORWEGIAN = (
    "Kundenummer\tFakturanummer\tDato\tForfallsdato\tBeløp\tKID\n1\t2\t31.01.2026\t14.02.2026\t1 200,00\t1234567\n"
)
ENGLISH = "Customer ID,Invoice No,Invoice Date,Due Date,Amount,Ccy\nC1,I1,12/31/2025,1/30/2026,1234.50,USD\n"


def test_a_danish_file_is_understood():
    found = propose(tables.read(DANISH.encode("cp1252")), "entries", currency="EUR")
    assert found.entries == {
        "account": "{Kundenr}",
        "kind": "invoice",
        "number": "{Fakturanr}",
        "issued_on": "{Fakturadato}",
        "due_on": "{Forfaldsdato}",
        "currency": "{Valuta}",
        "amount": "{Beløb}",
    }
    assert found.accounts == {"number": "{Kundenr}", "name": "{Kundenavn}", "email": "{E-mail}"}
    assert (found.decimal, found.dates, found.delimiter, found.encoding) == (",", "d-m-y", ";", "")
    assert found.ignored == ("Sælger",)


@pytest.mark.parametrize(("first", "later"), [("cp1252", "utf-8"), ("ascii", "cp1252"), ("utf-8", "cp1252")])
def test_the_next_file_may_be_written_otherwise(first: str, later: str):
    text = DANISH if first != "ascii" else DANISH.encode("ascii", "ignore").decode()
    proposed = propose(tables.read(text.encode(first)), "entries", currency="EUR")

    read = tables.read(DANISH.encode(later), encoding=proposed.encoding, delimiter=proposed.delimiter)

    assert [cells[1] for _row, cells in read.rows()] == ["Ærø Færgefart", "Blåbær"]


def test_a_norwegian_file_is_understood():
    found = propose(tables.read(NORWEGIAN.encode()), "entries", currency="NOK")
    assert found.entries["payment_reference"] == "{KID}"
    assert found.entries["currency"] == "NOK"
    assert (found.decimal, found.dates, found.delimiter) == (",", "d.m.y", "\t")


def test_an_american_date_is_told_from_the_values():
    found = propose(tables.read(ENGLISH.encode()), "entries", currency="DKK")
    assert (found.decimal, found.dates) == (".", "m/d/y")
    assert found.entries["currency"] == "{Ccy}"


def test_a_currency_in_every_row_is_the_currency():
    rows = "Kunde,Faktura,Dato,Beløb,Note\n1,2,2026-01-31,5.00,SEK\n1,3,2026-01-31,6.00,SEK\n"
    assert propose(tables.read(rows.encode()), "entries", currency="DKK").entries["currency"] == "SEK"


def test_a_column_of_words_is_no_amount():
    rows = "Customer,Invoice,Date,Amount,Disputed\n1,2,2026-01-31,5.00,Yes\n"
    assert "disputed_amount" not in propose(tables.read(rows.encode()), "entries", currency="DKK").entries
