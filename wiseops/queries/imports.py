"""Imports and the column profiles they are read with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.formats.profiles import SHIPPED, Profile
from wiseops.models import Account, Entry, Import, ImportProfile

_AT_ONCE = 500


def profiles(noun: str) -> list[Profile]:
    """Profiles that make accounts or entries, as `noun` says: the saved ones first, then those we ship."""
    saved = [
        Profile.from_json(row.name, row.mapping)
        for row in db.session.scalars(
            select(ImportProfile).where(ImportProfile.kind.in_((noun, "both"))).order_by(ImportProfile.name)
        )
    ]
    taken = {profile.name for profile in saved}
    return saved + [profile for profile in SHIPPED if profile.fields(noun) and profile.name not in taken]


def profile(name: str, noun: str) -> Profile:
    """The profile of that name. Raises NotFound, naming those there are."""
    known = {profile.name: profile for profile in profiles(noun)}
    if name not in known:
        raise NotFound(f"There is no profile “{name}” for {noun}. There is: {', '.join(known) or 'none'}.")
    return known[name]


def get(import_id: int) -> Import:
    """The import, or NotFound."""
    found = db.session.get(Import, import_id, populate_existing=True)
    if found is None:
        raise NotFound(f"import {import_id}")
    return found


def latest(limit: int = 50) -> Sequence[Import]:
    """The imports, newest first."""
    return db.session.scalars(select(Import).order_by(Import.id.desc()).limit(limit)).all()


def queued() -> Sequence[int]:
    """The ids of imports that wait for a worker, oldest first."""
    return db.session.scalars(select(Import.id).where(Import.status == "queued").order_by(Import.id)).all()


def running() -> Sequence[int]:
    """The ids of imports that a worker has taken, oldest first."""
    taken = Import.status.in_(("running", "posting"))
    return db.session.scalars(select(Import.id).where(taken).order_by(Import.id)).all()


def saved() -> Sequence[ImportProfile]:
    """The profiles that people saved, by name."""
    return db.session.scalars(select(ImportProfile).order_by(ImportProfile.name, ImportProfile.kind)).all()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An open invoice that a snapshot did not list."""

    id: int
    account_id: int
    account: str
    name: str
    number: str
    due_on: date
    open: int
    currency: str


def proposals(run: Import) -> list[Proposal]:
    """The run's proposals that are still open, by account and due date."""
    found: list[Proposal] = []
    columns = (
        Entry.id,
        Account.id,
        Account.number,
        Account.name,
        Entry.number,
        Entry.due_on,
        Entry.open,
        Entry.currency,
    )
    query = select(*columns).join(Account, Account.id == Entry.account_id).where(Entry.open != 0)
    for start in range(0, len(run.proposals), _AT_ONCE):
        some = run.proposals[start : start + _AT_ONCE]
        found += [Proposal(*row) for row in db.session.execute(query.where(Entry.id.in_(some)))]
    return sorted(found, key=lambda proposal: (proposal.account, proposal.due_on, proposal.number))
