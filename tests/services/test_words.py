"""What accounts are found by follows every change."""

from flask import Flask

from tests.factories import NOW, an_account
from wiseops.domain.accounts import Details
from wiseops.domain.contacts import Details as ContactDetails
from wiseops.queries import accounts as found
from wiseops.queries.accounts import Wanted
from wiseops.services import accounts, contacts
from wiseops.services.imports.openings import Opening, open_many
from wiseops.services.transaction import transaction


def finds(text: str) -> list[int]:
    return [row.id for row in found.rows(Wanted(text))]


def test_a_renamed_account_is_found_by_its_new_name_only(app: Flask):
    account = an_account(number="7", name="Nordlys")

    accounts.update(account, Details("7", "Sydhavn"), owner_id=None, now=NOW, by_id=None)

    assert (finds("sydh"), finds("nordl")) == ([account], [])


def test_a_removed_contact_finds_nothing_any_more(app: Flask):
    account = an_account(country="DK")
    contact = contacts.create(account, ContactDetails(email="bo@example.com", phone="20123456"), now=NOW)
    assert (finds("bo@ex"), finds("+4520123456")) == ([account], [account])

    contacts.remove(contact, now=NOW, by_id=None)

    assert (finds("bo@ex"), finds("+4520123456")) == ([], [])


def test_accounts_opened_in_bulk_are_found_like_any_other(app: Flask):
    with transaction():
        opening = Opening(Details("K-9", "Nordlys", country="DK"), "bo@example.com", "20 12 34 56")
        (account,) = open_many([opening], now=NOW, by_id=None)

    for text in ("k-9", "nord", "bo@example.com", "20123456", "+45 20 12"):
        assert finds(text) == [account]
