"""Contacts: people and addresses at an account, one default per channel."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from wiseops.domain import contacts, phones
from wiseops.domain.contacts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account, Activity, Call, Contact, Message
from wiseops.queries import company
from wiseops.services import automation, events, locks, words
from wiseops.services.transaction import transaction


def create(account_id: int, details: Details, *, now: datetime, by_id: int | None = None) -> int:
    """Adds a contact and decides about the account. Answers the contact's id."""
    contact_id = add(account_id, details, now=now, by_id=by_id)
    automation.decide([account_id], now)
    return contact_id


def update(contact_id: int, details: Details, *, now: datetime, by_id: int | None) -> None:
    """Replaces what describes the contact."""
    account_id = get(contact_id).account_id
    change(contact_id, details, now=now, by_id=by_id)
    automation.decide([account_id], now)


def remove(contact_id: int, *, now: datetime, by_id: int | None) -> None:
    """Takes the contact away; messages and calls to it keep the address they went to."""
    with transaction():
        contact = get(contact_id)
        account_id = contact.account_id
        locks.account(account_id)
        for kept in (Message, Activity, Call):
            db.session.execute(sa.update(kept).where(kept.contact_id == contact_id).values(contact_id=None))
        db.session.delete(contact)
        db.session.flush()
        _settle_defaults(account_id, chosen=None)
        words.refresh(account_id)
        events.record("contact_removed", account_id=account_id, at=now, by_id=by_id, name=contact.name)
        automation.touch([account_id])
    automation.decide([account_id], now)


def add(account_id: int, details: Details, *, now: datetime, by_id: int | None = None) -> int:
    """As create, without deciding: for callers that add many."""
    details = contacts.check(details)
    with transaction():
        locks.account(account_id)
        contact = Contact(account_id=account_id)
        _describe(contact, details)
        db.session.add(contact)
        db.session.flush()
        _settle_defaults(account_id, chosen=contact)
        words.refresh(account_id)
        events.record("contact_added", account_id=account_id, at=now, by_id=by_id, contact_id=contact.id)
        automation.touch([account_id])
        return contact.id


def change(contact_id: int, details: Details, *, now: datetime, by_id: int | None = None) -> bool:
    """As update, without deciding. Answers whether anything was different."""
    details = contacts.check(details)
    with transaction():
        contact = get(contact_id)
        locks.account(contact.account_id)
        _describe(contact, details)
        if not db.session.is_modified(contact):
            return False
        db.session.flush()
        _settle_defaults(contact.account_id, chosen=contact)
        words.refresh(contact.account_id)
        events.record("contact_changed", account_id=contact.account_id, at=now, by_id=by_id, contact_id=contact_id)
        automation.touch([contact.account_id])
    return True


def put_default(account_id: int, *, email: str, phone: str, now: datetime, by_id: int | None = None) -> bool:
    """Sets the default addresses of an account, an empty one left as it is. Answers whether anything was different."""
    with transaction():
        locks.account(account_id)
        contact = _first(account_id)
        if contact is None:
            if not (email or phone):
                return False
            add(account_id, Details(email=email, phone=phone), now=now, by_id=by_id)
            return True
        details = _details(contact, email=email or contact.email or "", phone=phone or contact.phone_given)
        return change(contact.id, details, now=now, by_id=by_id)


def respell(account_id: int, country: str | None) -> None:
    """Reads the account's phone numbers again: it moved to another country."""
    for contact in db.session.scalars(select(Contact).where(Contact.account_id == account_id)):
        contact.phone = phones.e164(contact.phone_given, country or company.get().country)
    db.session.flush()
    _settle_defaults(account_id, chosen=None)
    words.refresh(account_id)


def get(contact_id: int) -> Contact:
    """The contact, or NotFound."""
    contact = db.session.get(Contact, contact_id)
    if contact is None:
        raise NotFound(f"contact {contact_id}")
    return contact


def _describe(contact: Contact, details: Details) -> None:
    country = db.session.scalar(select(Account.country).where(Account.id == contact.account_id))
    contact.name, contact.roles = details.name, list(details.roles)
    contact.email = details.email or None
    contact.phone_given = details.phone
    contact.phone = phones.e164(details.phone, country or company.get().country) if details.phone else None
    contact.cc = details.cc
    contact.default_email = details.default_email and bool(contact.email)
    contact.default_sms = details.default_sms and contact.phone is not None


def _details(contact: Contact, *, email: str, phone: str) -> Details:
    defaults = {"default_email": contact.default_email, "default_sms": contact.default_sms}
    return Details(contact.name, email, phone, tuple(contact.roles), cc=contact.cc, **defaults)


def _first(account_id: int) -> Contact | None:
    of_account = select(Contact).where(Contact.account_id == account_id)
    ranked = of_account.order_by(Contact.default_email.desc(), Contact.default_sms.desc(), Contact.id)
    return db.session.scalars(ranked.limit(1)).first()


def _settle_defaults(account_id: int, *, chosen: Contact | None) -> None:
    """Leaves one default per channel: the chosen contact if it asks for that, else the old one, else the first."""
    every = db.session.scalars(select(Contact).where(Contact.account_id == account_id).order_by(Contact.id)).all()
    for flag, address in (("default_email", "email"), ("default_sms", "phone")):
        usable = [contact for contact in every if getattr(contact, address) is not None]
        asking = [contact for contact in usable if getattr(contact, flag)]
        default = chosen if chosen in asking else next(iter(asking or usable), None)
        for contact in every:
            if getattr(contact, flag) != (contact is default):
                setattr(contact, flag, contact is default)
