"""People and addresses at accounts."""

from __future__ import annotations

from sqlalchemy import select

from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Contact


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
