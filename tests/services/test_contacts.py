"""People and addresses at an account."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, an_account
from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Contact
from wiseops.services import contacts


def a_contact(account_id: int, **details: object) -> int:
    return contacts.create(account_id, Details(**details), now=NOW)  # type: ignore[arg-type]


def defaults(flag: str) -> list[int]:
    return list(db.session.scalars(select(Contact.id).where(getattr(Contact, flag)).order_by(Contact.id)))


def test_the_first_usable_address_is_the_default_of_its_channel(app: Flask):
    account = an_account(country="DK")
    a_contact(account, name="No address")
    by_mail = a_contact(account, email="a@example.com")
    by_phone = a_contact(account, email="b@example.com", phone="20123456")

    assert (defaults("default_email"), defaults("default_sms")) == ([by_mail], [by_phone])


def test_a_new_default_takes_the_place_of_the_old(app: Flask):
    account = an_account()
    a_contact(account, email="a@example.com")

    new = a_contact(account, email="b@example.com", default_email=True)

    assert defaults("default_email") == [new]


def test_an_invalid_number_is_kept_as_given_and_never_a_default(app: Flask):
    account = an_account(country="DK")

    a_contact(account, phone="12 ask for Bo", default_sms=True)

    contact = db.session.scalars(select(Contact)).one()
    assert (contact.phone, contact.phone_given, contact.default_sms) == (None, "12 ask for Bo", False)


def test_a_removed_default_leaves_the_channel_to_the_next(app: Flask):
    account = an_account()
    first = a_contact(account, email="a@example.com")
    second = a_contact(account, email="b@example.com")

    contacts.remove(first, now=NOW, by_id=None)

    assert defaults("default_email") == [second]
    with pytest.raises(NotFound):
        contacts.remove(first, now=NOW, by_id=None)


def test_an_import_sets_the_default_addresses_and_leaves_empty_ones(app: Flask):
    account = an_account(country="DK")

    assert contacts.put_default(account, email="a@example.com", phone="", now=NOW)
    assert contacts.put_default(account, email="", phone="20123456", now=NOW)
    assert not contacts.put_default(account, email="a@example.com", phone="20123456", now=NOW)
    assert not contacts.put_default(an_account(), email="", phone="", now=NOW)

    contact = db.session.scalars(select(Contact)).one()
    assert (contact.email, contact.phone) == ("a@example.com", "+4520123456")
    assert (contact.default_email, contact.default_sms) == (True, True)


def test_the_same_details_again_change_nothing(app: Flask):
    account = an_account()
    details = Details(email="a@example.com", default_email=True)
    contact = contacts.add(account, details, now=NOW)

    assert not contacts.change(contact, details, now=NOW)
