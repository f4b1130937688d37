"""Who works in the demo book, and whose accounts they work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from wiseops.domain.company import Details
from wiseops.domain.demo import LOGINS
from wiseops.domain.demo.people import Customer
from wiseops.domain.users import Role
from wiseops.queries import users as known
from wiseops.services import accounts, company, contacts, exclusions, users

_COMPANY = Details(
    name="Nordhavn Supply A/S",
    address="Kajen 12\n2150 Nordhavn",
    how_to_pay="Nordhavn Bank, 0000 0012345678",
    email_sender="accounts@example.com",
    email_sender_name="Nordhavn Supply",
    reply_to="accounts@example.com",
    sms_sender="Nordhavn",
)
_LISTED = 6


def hire(now: datetime) -> list[int]:
    """The ids of the collectors. The company gets its name, everyone a login; who is here already stays."""
    company.update(_COMPANY, now=now, by_id=None)
    ids = []
    for login in LOGINS:
        user = known.by_email(login.email) or users.create(
            login.email, name=login.name, role=login.role, password=login.password, now=now
        )
        if login.role == Role.COLLECTOR:
            ids.append(user.id)
    return ids


def open_accounts(
    random: Random, customers: Sequence[Customer], collectors: Sequence[int], now: datetime
) -> dict[str, int]:
    """The ids of the customers' accounts by number. One in five belongs to no collector."""
    ids = {}
    for customer in customers:
        owner_id = random.choice([*collectors, *collectors, None])
        account_id = accounts.add(customer.details, owner_id=owner_id, now=now)
        if customer.contact is not None:
            contacts.add(account_id, customer.contact, now=now)
        ids[customer.details.number] = account_id
    return ids


def exclude_some(random: Random, customers: Sequence[Customer], now: datetime) -> None:
    """A list of businesses that are never reminded by themselves."""
    businesses = [c.details.number for c in customers if c.details.kind == "business" and c.habit in ("slow", "late")]
    exclusions.save(
        None,
        name="Looked after by sales",
        conditions=None,
        numbers=random.sample(businesses, min(_LISTED, len(businesses))),
        now=now,
    )
