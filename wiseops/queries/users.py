"""People who sign in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import User

_SESSION = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


def get(user_id: int) -> User:
    """One user, or NotFound."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def by_email(email: str) -> User | None:
    """The user with this address, whatever its case."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def by_session(key: str) -> User | None:
    """The user a session was made for, unless it was ended since or the user deactivated."""
    made_for = _SESSION.fullmatch(key)
    if made_for is None:
        return None
    user_id, version = map(int, made_for.groups())
    return db.session.scalar(select(User).where(User.id == user_id, User.session_version == version, User.active))


def everyone() -> Sequence[User]:
    """All users, active ones first, by name."""
    return db.session.scalars(select(User).order_by(User.active.desc(), User.name, User.id)).all()


def active() -> Sequence[User]:
    """Whom an account, task or promise can be given to."""
    return db.session.scalars(select(User).where(User.active).order_by(User.name, User.id)).all()
