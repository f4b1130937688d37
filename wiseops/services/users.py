"""People who sign in: create them, change their rights and passwords, end their sessions."""

from __future__ import annotations

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from wiseops.domain import phones, users
from wiseops.domain.errors import Refused
from wiseops.domain.users import Role
from wiseops.extensions import db
from wiseops.models import User
from wiseops.queries import company
from wiseops.services import events
from wiseops.services.transaction import transaction

MOST_ENDED = 30
_hasher = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$u1Bd/OowVKa3qwPdU9pa7w$JRitDl1W0oBWRIF+Nb7paE5ZBBk559yLUhA2w29lqUg"
"""A hash nobody has the password of: an unknown address takes as long as a wrong password."""


def create(
    email: str, *, name: str, role: Role, password: str, now: datetime, locale: str = "en", by_id: int | None = None
) -> User:
    """A new user, who can sign in at once."""
    email = users.accept_email(email)
    hashed = _hasher.hash(users.accept_password(password, email=email))
    user = User(email=email, name=name, role=role, password_hash=hashed, locale=locale, created_at=now)
    try:
        with transaction():
            db.session.add(user)
            db.session.flush()
            events.record("user_created", account_id=None, at=now, by_id=by_id, user_id=user.id, role=role)
    except IntegrityError:
        raise Refused("Someone already has this e-mail address.", "email") from None
    return user


def verify(user: User | None, password: str) -> bool:
    """Whether the password opens this user's account; takes the same time for nobody."""
    usable = user if user is not None and user.active else None
    try:
        _hasher.verify(usable.password_hash if usable else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return usable is not None


def change_password(user_id: int, *, old: str, new: str, now: datetime) -> User:
    """The user's own change; every other session ends."""
    if not verify(db.session.get_one(User, user_id), old):
        raise Refused("This is not your password.", "old")
    return reset_password(user_id, password=new, now=now, by_id=user_id)


def reset_password(user_id: int, *, password: str, now: datetime, by_id: int | None) -> User:
    """A new password; every session ends."""
    email = db.session.get_one(User, user_id).email
    hashed = _hasher.hash(users.accept_password(password, email=email))
    with transaction():
        user = _locked(user_id)
        user.password_hash = hashed
        user.session_version += 1
        events.record("password_changed", account_id=None, at=now, by_id=by_id, user_id=user_id)
    return user


def update(user_id: int, *, name: str, role: Role, active: bool, now: datetime, by_id: int | None) -> User:
    """Name and rights. Deactivating ends every session; the last active admin stays one."""
    with transaction():
        _keep_an_admin(user_id, stays=active and role == Role.ADMIN)
        user = _locked(user_id)
        if (user.role, user.active) != (role, active):
            facts = {"user_id": user_id, "role": role, "active": active}
            events.record("user_changed", account_id=None, at=now, by_id=by_id, **facts)
        if user.active and not active:
            user.session_version += 1
        user.name, user.role, user.active = name, role, active
    return user


def set_profile(user_id: int, *, name: str, locale: str, phone: str = "") -> None:
    """What a user sets about themselves."""
    number = phones.e164(phone, company.get().country) if phone else ""
    if number is None:
        raise Refused("This is not a valid phone number. Begin with + and the country code.", "phone")
    with transaction():
        user = _locked(user_id)
        user.name, user.locale, user.phone = name, locale, number


def end_session(user_id: int, session: str) -> None:
    """Signs the user out of one session, wherever its cookie was copied to. It never begins again: when there would be
    too many to remember, all of the user's sessions end."""
    with transaction():
        user = _locked(user_id)
        ended = [*user.ended_sessions, session]
        if len(ended) > MOST_ENDED:
            user.session_version, ended = user.session_version + 1, []
        user.ended_sessions = ended


def end_sessions(user_id: int, *, now: datetime, by_id: int | None) -> User:
    """Signs the user out everywhere."""
    with transaction():
        user = _locked(user_id)
        user.session_version += 1
        events.record("sessions_ended", account_id=None, at=now, by_id=by_id, user_id=user_id)
    return user


def _locked(user_id: int) -> User:
    return db.session.get_one(User, user_id, with_for_update=True)


def _keep_an_admin(user_id: int, *, stays: bool) -> None:
    admins = select(User.id).where(User.role == Role.ADMIN, User.active).order_by(User.id).with_for_update()
    if not stays and set(db.session.scalars(admins)) == {user_id}:
        raise Refused("This is the only admin: make someone else admin first.", "role")
