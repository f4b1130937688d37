"""Exclusions: the rules and lists that keep automation away from accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from wiseops.domain.errors import NotFound
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Account, ExcludedAccount, Exclusion


@dataclass(frozen=True, slots=True)
class Listed:
    """One exclusion; `conditions` None for a list of `accounts` accounts."""

    id: int
    name: str
    active: bool
    conditions: Conditions | None
    accounts: int


def row(exclusion_id: int) -> Exclusion:
    """The exclusion. Raises NotFound."""
    if (found := db.session.get(Exclusion, exclusion_id)) is None:
        raise NotFound
    return found


def named(name: str) -> Exclusion | None:
    """The exclusion of that name, active or not."""
    return db.session.scalar(select(Exclusion).where(Exclusion.name == name))


def everything() -> list[Listed]:
    """All exclusions by name."""
    query = select(ExcludedAccount.exclusion_id, func.count()).group_by(ExcludedAccount.exclusion_id)
    counts = dict(db.session.execute(query).all())
    return [
        Listed(found.id, found.name, found.active, conditions(found), counts.get(found.id, 0))
        for found in db.session.scalars(select(Exclusion).order_by(Exclusion.name))
    ]


def conditions(found: Exclusion) -> Conditions | None:
    """The rule of an exclusion, None for a list."""
    return None if found.conditions is None else Conditions.from_json(found.conditions)


def numbers(exclusion_id: int) -> list[str]:
    """The account numbers on the list."""
    query = (
        select(Account.number)
        .join(ExcludedAccount, ExcludedAccount.account_id == Account.id)
        .where(ExcludedAccount.exclusion_id == exclusion_id)
    )
    return sorted(db.session.scalars(query))


def account_ids(exclusion_id: int) -> list[int]:
    """The accounts on the list."""
    query = select(ExcludedAccount.account_id).where(ExcludedAccount.exclusion_id == exclusion_id)
    return list(db.session.scalars(query))


def accounts(of_numbers: Iterable[str]) -> dict[str, int]:
    """Number → id of those account numbers that exist."""
    wanted, found = sorted(set(of_numbers)), {}
    for start in range(0, len(wanted), 500):
        part = select(Account.number, Account.id).where(Account.number.in_(wanted[start : start + 500]))
        found.update(dict(db.session.execute(part).all()))
    return found
