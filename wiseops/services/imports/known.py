"""What the database knows already of the accounts that a file names, loaded in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import func, select

from wiseops.domain.accounts import Details
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Contact, User

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it is: its own fields, its default addresses, its collector."""

    id: int
    details: Details
    email: str
    phone: str
    owner_id: int | None


def ids(numbers: Iterable[str]) -> dict[str, int]:
    """The ids of the accounts with these numbers."""
    found: dict[str, int] = {}
    for some in chunks(numbers):
        rows = db.session.execute(select(Account.number, Account.id).where(Account.number.in_(some)))
        found |= dict(rows.all())
    return found


def accounts(numbers: Iterable[str]) -> dict[str, Known]:
    """The accounts with these numbers."""
    found: dict[str, Known] = {}
    columns = (
        Account.number, Account.name, Account.kind, Account.country, Account.language, Account.timezone,
        Account.street, Account.postal_code, Account.city,
    )  # fmt: skip
    for some in chunks(numbers):
        rows = db.session.execute(select(Account.id, Account.owner_id, *columns).where(Account.number.in_(some))).all()
        of_these = [row.id for row in rows]
        tags, contacts = _tags(of_these), _addresses(of_these)
        for id, owner_id, *described in rows:
            email, phone = contacts.get(id, ("", ""))
            details = replace(Details(*described), tags=frozenset(tags[id]))
            found[details.number] = Known(id, details, email, phone, owner_id)
    return found


def collectors(emails: Iterable[str]) -> dict[str, int]:
    """The ids of active users by their address in lower case."""
    found: dict[str, int] = {}
    for some in chunks(email.casefold() for email in emails):
        address = func.lower(User.email)
        rows = db.session.execute(select(address, User.id).where(address.in_(some), User.active))
        found |= dict(rows.all())
    return found


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The distinct values, a few hundred at a time."""
    distinct = iter(dict.fromkeys(values))
    while some := list(islice(distinct, _AT_ONCE)):
        yield some


def _tags(account_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for id, tag in db.session.execute(
        select(AccountTag.account_id, AccountTag.tag).where(AccountTag.account_id.in_(account_ids))
    ):
        found[id].append(tag)
    return found


def _addresses(account_ids: list[int]) -> dict[int, tuple[str, str]]:
    """E-mail and phone, as given, of the contact that an import changes: the default one, else the first."""
    found: dict[int, tuple[str, str]] = {}
    ranked = (Contact.default_email.desc(), Contact.default_sms.desc(), Contact.id)
    for id, email, phone in db.session.execute(
        select(Contact.account_id, Contact.email, Contact.phone_given)
        .where(Contact.account_id.in_(account_ids))
        .order_by(Contact.account_id, *ranked)
    ):
        found.setdefault(id, (email or "", phone))
    return found
