"""People and addresses at accounts."""

from __future__ import annotations

from sqlalchemy import select

from wiseops.domain import search
from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import AccountWord, Contact


def get(account_id: int, contact_id: int) -> Contact:
    """The account's contact, or NotFound."""
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.account_id != account_id:
        raise NotFound(f"contact {contact_id}")
    return contact


def of_account(account_id: int) -> list[Contact]:
    """The account's contacts, defaults first."""
    order = (Contact.default_email.desc(), Contact.default_sms.desc(), Contact.id)
    return list(db.session.scalars(select(Contact).where(Contact.account_id == account_id).order_by(*order)))


def sharing(channel: str, address: str) -> list[Contact]:
    """Every contact with this address, whatever account it is at: an e-mail address in any letters, or E.164."""
    if channel != "email":
        return list(db.session.scalars(select(Contact).where(Contact.phone == address).order_by(Contact.id)))
    word = search.fold(address)[: search.LONGEST]
    likely = select(AccountWord.account_id).where(AccountWord.word == word)
    query = select(Contact).where(Contact.account_id.in_(likely), Contact.email.is_not(None)).order_by(Contact.id)
    return [contact for contact in db.session.scalars(query) if (contact.email or "").lower() == address.lower()]


def details(contact: Contact) -> Details:
    """What describes the contact, as the form changes it."""
    return Details(
        name=contact.name,
        email=contact.email or "",
        phone=contact.phone_given,
        roles=tuple(contact.roles),
        default_email=contact.default_email,
        default_sms=contact.default_sms,
        cc=contact.cc,
    )
