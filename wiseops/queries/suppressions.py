"""Addresses that must not be written to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from wiseops.domain.errors import NotFound
from wiseops.domain.suppressions import weightiest
from wiseops.extensions import db
from wiseops.models import Account, Contact, Suppression, User
from wiseops.queries import contacts


@dataclass(frozen=True, slots=True)
class Listed:
    """A suppression and who made it; nobody where the customer or a provider did."""

    row: Suppression
    by: str | None
    lifted_by: str | None


def standing(channel: str, addresses: Iterable[str]) -> dict[str, str]:
    """Address → the weightiest reason, of those that must not be used; e-mail addresses in small letters."""
    wanted = {address.lower() for address in addresses}
    found: dict[str, list[str]] = defaultdict(list)
    if wanted:
        query = select(Suppression.address, Suppression.reason).where(
            Suppression.address.in_(wanted), Suppression.channel == channel, Suppression.lifted_at.is_(None)
        )
        for address, reason in db.session.execute(query):
            found[address].append(reason)
    return {address: weightiest(reasons) for address, reasons in found.items()}


def of_contacts(people: Sequence[Contact]) -> list[tuple[str, str, str]]:
    """Channel, address and weightiest reason of what stands against any address of these contacts."""
    emails = {person.email.lower() for person in people if person.email}
    numbers = {person.phone for person in people if person.phone}
    if not emails | numbers:
        return []
    query = select(Suppression.channel, Suppression.address, Suppression.reason).where(
        Suppression.address.in_(emails | numbers), Suppression.lifted_at.is_(None)
    )
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for channel, address, reason in db.session.execute(query):
        found[channel, address].append(reason)
    return [(*key, weightiest(reasons)) for key, reasons in sorted(found.items())]


def get(suppression_id: int) -> Suppression:
    """The suppression, or NotFound."""
    row = db.session.get(Suppression, suppression_id)
    if row is None:
        raise NotFound(f"suppression {suppression_id}")
    return row


def holders(row: Suppression) -> list[Account]:
    """The accounts that have its address."""
    ids = accounts_with(row.channel, row.address)
    return list(db.session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.name, Account.id)))


def accounts_with(channel: str, address: str) -> list[int]:
    """The accounts that have a contact with this address, a copied one included."""
    return sorted({contact.account_id for contact in contacts.sharing(channel, address)})


def listed(suppression_id: int) -> Listed:
    """The suppression with who made it. Raises NotFound."""
    row = db.session.execute(_with_people().where(Suppression.id == suppression_id)).first()
    if row is None:
        raise NotFound(f"suppression {suppression_id}")
    return Listed(*row)


def rows(*, text: str = "", lifted: bool = False, offset: int = 0, limit: int = 50) -> list[Listed]:
    """A page of what stands, or of what was lifted, newest first; `text` is part of the address."""
    latest = (func.coalesce(Suppression.lifted_at, Suppression.at).desc(), Suppression.id.desc())
    query = _with_people().where(*_wanted(text, lifted=lifted)).order_by(*latest)
    return [Listed(*row) for row in db.session.execute(query.offset(offset).limit(limit))]


def count(*, text: str = "", lifted: bool = False) -> int:
    """How many of them there are."""
    query = select(func.count()).select_from(Suppression).where(*_wanted(text, lifted=lifted))
    return db.session.scalar(query) or 0


def _with_people() -> Select[Any, Any, Any]:
    by, lifted_by = aliased(User), aliased(User)
    return (
        select(Suppression, by.name, lifted_by.name)
        .outerjoin(by, by.id == Suppression.by_id)
        .outerjoin(lifted_by, lifted_by.id == Suppression.lifted_by_id)
    )


def _wanted(text: str, *, lifted: bool) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Suppression.lifted_at.is_not(None) if lifted else Suppression.lifted_at.is_(None)
    ]
    if text:
        spellings = {text.lower(), "".join(text.split())}
        wanted.append(or_(*(Suppression.address.contains(spelling, autoescape=True) for spelling in spellings)))
    return wanted
