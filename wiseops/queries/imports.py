"""Imports and the column profiles they are read with."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.formats.profiles import SHIPPED, Profile
from wiseops.models import Import, ImportProfile


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
