"""Accounts, found and shown."""

from __future__ import annotations

from sqlalchemy import select

from wiseops.domain.accounts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account, AccountTag


def get(account_id: int) -> Account:
    """The account, or NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound(f"account {account_id}")
    return account


def details(account: Account) -> Details:
    """What describes the account, as the forms and imports change it."""
    return Details(
        number=account.number,
        name=account.name,
        kind=account.kind,
        country=account.country,
        language=account.language,
        timezone=account.timezone,
        street=account.street,
        postal_code=account.postal_code,
        city=account.city,
        tags=tags(account.id),
    )


def tags(account_id: int) -> frozenset[str]:
    """The account's tags."""
    return frozenset(db.session.scalars(select(AccountTag.tag).where(AccountTag.account_id == account_id)))
