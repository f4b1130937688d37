"""What tests start from: plain functions, each with everything left out that the test does not speak of."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from argon2 import PasswordHasher

from wiseops.domain import money
from wiseops.domain.accounts import Details
from wiseops.extensions import db
from wiseops.models import User
from wiseops.services import accounts, entries
from wiseops.services.transaction import transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "correct horse battery"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = itertools.count(1)


def an_account(*, number: str | None = None, name: str = "Nordlys ApS", now: datetime = NOW, **details: object) -> int:
    """The id of a new account."""
    number = number or f"K{next(_numbers)}"
    return accounts.create(Details(number=number, name=name, **details), now=now)  # type: ignore[arg-type]


def an_entry(
    account_id: int, owed: str, *, kind: str = "invoice", on: date = TODAY, now: datetime = NOW, **columns: object
) -> int:
    """The id of a new entry: `owed` as "100.00 DKK", always positive."""
    amount, currency = owed.split()
    minor = money.parse(amount, currency).minor
    return entries.record(
        account_id,
        kind=kind,
        issued_on=on,
        currency=currency,
        amount=minor,
        now=now,
        **columns,  # type: ignore[arg-type]
    )


def a_payment(account_id: int, paid: str, **columns: object) -> int:
    """The id of a new payment."""
    return an_entry(account_id, paid, kind="payment", **columns)  # type: ignore[arg-type]


def a_user(role: str = "collector", *, email: str | None = None, name: str = "Kim Lund", active: bool = True) -> User:
    """A new user whose password is PASSWORD."""
    email = email or f"{role}{next(_numbers)}@example.com"
    with transaction():
        user = User(email=email, name=name, role=role, password_hash=_HASH, active=active, created_at=NOW)
        db.session.add(user)
    return user
