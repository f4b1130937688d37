"""Column profiles that people save."""

from __future__ import annotations

from sqlalchemy import delete, select

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.formats.profiles import Profile
from wiseops.models import ImportProfile
from wiseops.services.transaction import transaction


def save(profile: Profile) -> None:
    """Keeps the profile under its name; one of the same name and kind is replaced."""
    if not profile.name.strip():
        raise Refused("Give the profile a name.", "save_as")
    with transaction():
        same = (ImportProfile.name == profile.name.strip()[:200], ImportProfile.kind == profile.kind)
        kept = db.session.scalars(select(ImportProfile).where(*same)).one_or_none()
        if kept is None:
            kept = ImportProfile(name=profile.name.strip()[:200], kind=profile.kind)
            db.session.add(kept)
        kept.mapping = profile.to_json()


def remove(profile_id: int) -> None:
    """Forgets a saved profile; what was imported with it stays."""
    with transaction():
        db.session.execute(delete(ImportProfile).where(ImportProfile.id == profile_id))
