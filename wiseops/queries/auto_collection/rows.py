"""The accounts of a tab: narrowed, in order, a page at a time, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Contact, Position, User
from wiseops.queries import accounts, company
from wiseops.queries.auto_collection.figures import Owed

SORTS = ("name", "number", "balance", "overdue", "since", "next")
NOBODY = 0
MOST = 10_000
"""A narrowed list is counted this far; a whole tab's count is kept."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: of a stage, with `text` as typed; or just `ids`. `owner_id` NOBODY: unassigned."""

    stage: str
    text: str = ""
    owner_id: int | None = None
    country: str = ""
    tag: str = ""
    held: bool = False
    addressless: bool = False
    sort: str = "name"
    ids: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        """The whole tab, nothing left out."""
        return self == Wanted(self.stage, sort=self.sort)


@dataclass(frozen=True, slots=True)
class Row:
    """An account as last decided."""

    id: int
    number: str
    name: str
    owner: str | None
    country: str | None
    timezone: str | None
    stage_since: datetime | None
    overdue_since: date | None
    held: str | None
    plan_id: int | None
    step: int | None
    send_at: datetime | None
    reasons: Sequence[Mapping[str, Any]]
    positions: Sequence[Position] = field(default=())
    has_email: bool = False
    has_sms: bool = False


def count(wanted: Wanted, *, most: int = MOST) -> int:
    """How many are wanted, counted until `most`."""
    ids = narrowed(select(Account.id), wanted).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def owed(wanted: Wanted) -> tuple[Owed, ...]:
    """What they owe per currency."""
    sums = (func.sum(Position.balance), func.sum(Position.overdue))
    query: Any = select(Position.currency, *sums).join(Account, Account.id == Position.account_id)
    found = db.session.execute(narrowed(query, wanted).group_by(Position.currency).order_by(Position.currency))
    return tuple(Owed(currency, int(balance), int(overdue)) for currency, balance, overdue in found)


def ids(wanted: Wanted, *, after: int = 0, limit: int) -> Sequence[int]:
    """Ids in id order, for acts that work through them."""
    query = narrowed(select(Account.id), wanted).where(Account.id > after)
    return db.session.scalars(query.order_by(Account.id).limit(limit)).all()


def page(wanted: Wanted, *, offset: int = 0, limit: int = 50) -> list[Row]:
    """A page of them, in their order."""
    query = _ordered(narrowed(_columns(), wanted), wanted.sort)
    return _rows(db.session.execute(query.offset(offset).limit(limit)).all())


def everyone(wanted: Wanted) -> Iterator[Row]:
    """All of them in their order, read in pieces."""
    found = db.session.scalars(_ordered(narrowed(select(Account.id), wanted), wanted.sort)).all()
    for start in range(0, len(found), 500):
        piece = found[start : start + 500]
        rows = {row.id: row for row in _rows(db.session.execute(_columns().where(Account.id.in_(piece))).all())}
        yield from (rows[each] for each in piece if each in rows)


def countries() -> Sequence[str]:
    """The countries that accounts are in: from one to the next in the index, however many accounts there are."""
    found = select(func.min(Account.country).label("code")).cte("found", recursive=True)
    following = select(func.min(Account.country)).where(Account.country > found.c.code).scalar_subquery()
    found = found.union_all(select(following).where(found.c.code.is_not(None)))
    return db.session.scalars(select(found.c.code).where(found.c.code.is_not(None))).all()


def narrowed(query: Any, wanted: Wanted) -> Any:
    """The query over accounts with everything that is wanted of them."""
    if wanted.ids is not None:
        return query.where(Account.id.in_(wanted.ids))
    query = query.where(Account.stage == wanted.stage)
    if (found := accounts.matching(wanted.text)) is not None:
        query = query.where(Account.id.in_(found))
    if wanted.owner_id is not None:
        query = query.where(Account.owner_id == (wanted.owner_id or None))
    if wanted.country:
        query = query.where(Account.country == wanted.country)
    if wanted.tag:
        query = query.where(Account.id.in_(select(AccountTag.account_id).where(AccountTag.tag == wanted.tag)))
    if wanted.held:
        query = query.where(Account.held.is_not(None))
    if wanted.addressless:
        query = query.where(~select(Contact.id).where(Contact.account_id == Account.id, _has_address()).exists())
    return query


def _columns() -> Select[Any]:
    columns = (
        Account.id, Account.number, Account.name, User.name.label("owner"), Account.country, Account.timezone,
        Account.stage_since, Account.overdue_since, Account.held, Account.plan_id, Account.step, Account.send_at,
        Account.reasons,
    )  # fmt: skip
    return select(*columns).outerjoin(User, User.id == Account.owner_id)


def _ordered(query: Select[Any], sort: str) -> Select[Any]:
    """Empty values come last either way; balances are compared in the company's currency."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    columns: dict[str, Any] = {
        "number": Account.number,
        "overdue": Account.overdue_since,
        "since": Account.stage_since,
        "next": Account.send_at,
    }
    column = columns.get(key, Account.name)
    if key == "balance":
        position = aliased(Position)
        of_account = and_(position.account_id == Account.id, position.currency == company.get().currency)
        query, column = query.outerjoin(position, of_account), position.balance
    if key == "overdue":
        is_down = not is_down
    direction = column.desc() if is_down else column.asc()
    if key in ("name", "number"):
        return query.order_by(direction, Account.id)
    return query.order_by(direction.nulls_last(), Account.id)


def _has_address() -> Any:
    return or_(
        and_(Contact.default_email, Contact.email.is_not(None)), and_(Contact.default_sms, Contact.phone.is_not(None))
    )


def _rows(found: Collection[Any]) -> list[Row]:
    account_ids = [each.id for each in found]
    positions = accounts.positions(account_ids)
    columns = (Contact.account_id, Contact.email, Contact.default_email, Contact.phone, Contact.default_sms)
    email, sms = set(), set()
    for account_id, address, is_email, phone, is_sms in db.session.execute(
        select(*columns).where(Contact.account_id.in_(account_ids), _has_address())
    ):
        if address and is_email:
            email.add(account_id)
        if phone and is_sms:
            sms.add(account_id)
    return [
        Row(**each._mapping, positions=positions.get(each.id, ()), has_email=each.id in email, has_sms=each.id in sms)
        for each in found
    ]
