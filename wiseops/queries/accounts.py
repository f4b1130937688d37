"""Accounts, found and shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, literal_column, select, union

from wiseops.domain import search
from wiseops.domain.accounts import Details
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, AccountWord, Entry, Position, User
from wiseops.queries import replies

SORTS = {"name": Account.name, "number": Account.number, "since": Account.stage_since}
_HIGHEST = "\U0010ffff"
_LISTED = select(
    Account.id, Account.number, Account.name, User.name, Account.stage, Account.stage_since, Account.held
).outerjoin(User, User.id == Account.owner_id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: `text` as typed, `owner` a user's id, "none" or "", `stage` a code or ""."""

    text: str = ""
    owner: str = ""
    stage: str = ""
    tag: str = ""
    country: str = ""
    held: bool = False
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Row:
    """An account in a list."""

    id: int
    number: str
    name: str
    owner: str | None
    stage: str
    stage_since: datetime | None
    held: str | None
    positions: tuple[Position, ...]
    unread: int = 0


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


def every_tag() -> list[str]:
    """The tags in use."""
    return list(db.session.scalars(select(AccountTag.tag).distinct().order_by(AccountTag.tag)))


def count(wanted: Wanted) -> int:
    """How many accounts are wanted."""
    return db.session.scalar(_narrowed(select(func.count()).select_from(Account), wanted)) or 0


def rows(wanted: Wanted, *, offset: int = 0, limit: int = 50) -> list[Row]:
    """A page of the accounts that are wanted, in their order, with how many replies nobody has seen."""
    key = wanted.sort.removeprefix("-")
    column = SORTS.get(key, Account.name)
    order = [each.desc() if wanted.sort.startswith("-") else each for each in (column, Account.id)]
    return _rows(_narrowed(_LISTED, wanted).order_by(*order).offset(offset).limit(limit))


def chosen(account_ids: Collection[int]) -> list[Row]:
    """These accounts, by name."""
    return _rows(_LISTED.where(Account.id.in_(account_ids)).order_by(Account.name, Account.id))


def _rows(query: Any) -> list[Row]:
    found = db.session.execute(query).all()
    ids = [row.id for row in found]
    owed, unread = positions(ids), replies.unread(ids)
    return [
        Row(
            row.id, row.number, row[2], row[3], row.stage, row.stage_since, row.held,
            tuple(owed[row.id]), unread.get(row.id, 0),
        )
        for row in found
    ]  # fmt: skip


def positions(account_ids: Collection[int]) -> dict[int, list[Position]]:
    """What these accounts owe per currency, as last decided."""
    by_account: dict[int, list[Position]] = defaultdict(list)
    of_accounts = select(Position).where(Position.account_id.in_(account_ids)).order_by(Position.currency)
    for position in db.session.scalars(of_accounts):
        by_account[position.account_id].append(position)
    return by_account


def matching(text: str) -> CompoundSelect[Any] | None:
    """The ids of accounts found by words of name, number and addresses, or by an invoice's number or reference."""
    sought = search.sought(text)
    if not sought.prefixes:
        return None
    first, *others = [_beginning(prefix) for prefix in sorted(sought.prefixes, key=len, reverse=True)]
    for other in others:
        first = first.where(AccountWord.account_id.in_(other))
    found: list[Select[Any]] = [first]
    found += [
        select(Entry.account_id).where(Entry.number == sought.reference),
        select(Entry.account_id).where(Entry.payment_reference == sought.reference, _is_referred()),
    ]
    if sought.digits:
        found.append(_beginning(sought.digits))
    return union(*found)


def _is_referred() -> Any:
    """Said with a literal, so that the index over entries with a reference serves."""
    return Entry.payment_reference != literal_column("''")


def _beginning(prefix: str) -> Select[Any]:
    return select(AccountWord.account_id).where(AccountWord.word >= prefix, AccountWord.word < prefix + _HIGHEST)


def _narrowed(query: Any, wanted: Wanted) -> Any:
    found = matching(wanted.text)
    if found is not None:
        query = query.where(Account.id.in_(found))
    if wanted.owner:
        query = query.where(Account.owner_id == _number(wanted.owner))
    if wanted.stage:
        query = query.where(Account.stage == wanted.stage)
    if wanted.country:
        query = query.where(Account.country == wanted.country)
    if wanted.held:
        query = query.where(Account.held.is_not(None))
    if wanted.tag:
        query = query.where(Account.id.in_(select(AccountTag.account_id).where(AccountTag.tag == wanted.tag)))
    return query


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None
