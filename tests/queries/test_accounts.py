"""Finding accounts."""

import pytest
from flask import Flask

from tests.factories import NOW, a_payment, an_account, an_entry
from wiseops.domain.contacts import Details
from wiseops.queries import accounts
from wiseops.queries.accounts import Wanted
from wiseops.services import contacts


@pytest.fixture
def nordlys(app: Flask) -> int:
    an_account(number="20", name="Bo-Hus A/S", country="NO")
    account = an_account(number="0379-NEVHP", name="Café Nordlys", country="DK", tags=frozenset({"vip"}))
    contacts.create(account, Details(email="Bo@example.com", phone="20 12 34 56"), now=NOW)
    an_entry(account, "10.00 DKK", number="INV-77", payment_reference="712345678901")
    return account


@pytest.mark.parametrize(
    "text",
    ["nord", "NORDLYS", "cafe nord", "nordlys café", "0379-nev", "nevhp", "bo@example.com", "+45 20123456", "20 12 34",
     "004520123456", "INV-77", "712345678901", " nordlys "],
)  # fmt: skip
def test_an_account_is_found_by_name_number_invoice_reference_phone_and_email(nordlys: int, text: str):
    assert nordlys in [row.id for row in accounts.rows(Wanted(text))]


@pytest.mark.parametrize("text", ["ordlys", "cafe hus", "INV-7", "bo@example.org", "%", "_", "'", "\x00x"])
def test_nothing_is_found_by_what_begins_no_word(nordlys: int, text: str):
    assert accounts.rows(Wanted(text)) == []


def test_a_search_for_nothing_finds_everything(nordlys: int):
    assert [row.name for row in accounts.rows(Wanted(" "))] == ["Bo-Hus A/S", "Café Nordlys"]


@pytest.mark.parametrize(
    "wanted", [Wanted(tag="vip"), Wanted(country="DK"), Wanted(stage="outstanding"), Wanted(owner="none", text="nord")]
)
def test_filters_narrow_the_list(nordlys: int, wanted: Wanted):
    assert [row.id for row in accounts.rows(wanted)] == [nordlys]
    assert accounts.count(wanted) == 1


def test_the_list_is_sorted_both_ways_and_paged(nordlys: int):
    assert [row.number for row in accounts.rows(Wanted(sort="number"))] == ["0379-NEVHP", "20"]
    assert [row.number for row in accounts.rows(Wanted(sort="-number"), offset=1)] == ["0379-NEVHP"]
    assert len(accounts.rows(Wanted(sort="; drop"), limit=1)) == 1


def test_a_row_tells_what_is_owed_per_currency(nordlys: int):
    a_payment(nordlys, "4.00 DKK")
    an_entry(nordlys, "5.00 EUR")

    (row,) = accounts.rows(Wanted("nordlys"))

    assert [(position.currency, position.balance) for position in row.positions] == [("DKK", 600), ("EUR", 500)]
