"""New accounts with their default contact, opened many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert

from wiseops.domain import phones, search
from wiseops.domain.accounts import Details
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, AccountWord, Contact, Event
from wiseops.queries import company

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Opening:
    """An account to be opened, checked already."""

    details: Details
    email: str = ""
    phone: str = ""
    owner_id: int | None = None


def open_many(openings: Iterable[Opening], *, now: datetime, by_id: int | None) -> list[int]:
    """Opens the accounts. Joins the running transaction; decides nothing. Answers their ids."""
    home = company.get().country
    waiting = iter(openings)
    ids: list[int] = []
    while some := list(islice(waiting, _AT_ONCE)):
        adding = insert(Account).returning(Account.id, sort_by_parameter_order=True)
        added = list(db.session.scalars(adding, [_account(one, now) for one in some]))
        _insert(AccountTag, [row for id, one in zip(added, some, strict=True) for row in _tags(id, one)])
        _insert(Contact, [row for id, one in zip(added, some, strict=True) for row in _contact(id, one, home)])
        _insert(AccountWord, [row for id, one in zip(added, some, strict=True) for row in _words(id, one, home)])
        _insert(Event, [_event(id, one, now, by_id) for id, one in zip(added, some, strict=True)])
        ids += added
    return ids


def _insert(table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table), rows)


def _account(opening: Opening, now: datetime) -> dict[str, Any]:
    columns = asdict(opening.details)
    del columns["tags"]
    return columns | {"search": opening.details.search, "owner_id": opening.owner_id, "created_at": now}


def _tags(account_id: int, opening: Opening) -> list[dict[str, Any]]:
    return [{"account_id": account_id, "tag": tag} for tag in sorted(opening.details.tags)]


def _contact(account_id: int, opening: Opening, home: str) -> list[dict[str, Any]]:
    if not (opening.email or opening.phone):
        return []
    phone = _e164(opening, home)
    row = {
        "account_id": account_id,
        "email": opening.email or None,
        "phone": phone,
        "phone_given": opening.phone,
        "default_email": bool(opening.email),
        "default_sms": phone is not None,
    }
    return [row]


def _words(account_id: int, opening: Opening, home: str) -> list[dict[str, Any]]:
    """What the account is found by; see services.words, which keeps them from here on."""
    words = search.words(opening.details.number) | search.words(opening.details.name)
    words |= search.address_words(opening.email or None, _e164(opening, home), opening.phone)
    return [{"account_id": account_id, "word": word} for word in sorted(words)]


def _e164(opening: Opening, home: str) -> str | None:
    return phones.e164(opening.phone, opening.details.country or home) if opening.phone else None


def _event(account_id: int, opening: Opening, now: datetime, by_id: int | None) -> dict[str, Any]:
    facts = {"number": opening.details.number, "source": "import"}
    return {"account_id": account_id, "kind": "account_created", "at": now, "by_id": by_id, "facts": facts}
