"""People who sign in."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, PASSWORD, a_user
from wiseops.domain.errors import Refused
from wiseops.domain.users import Role
from wiseops.extensions import db
from wiseops.models import Event, User
from wiseops.queries import users as known
from wiseops.services import users


def test_a_password_opens_only_its_own_active_account(app: Flask):
    kim, gone = a_user(), a_user(active=False)
    assert users.verify(kim, PASSWORD)
    assert not users.verify(kim, PASSWORD + "x")
    assert not users.verify(gone, PASSWORD)
    assert not users.verify(None, PASSWORD)


def test_a_session_lasts_until_it_is_ended(app: Flask):
    kim = a_user()
    key = kim.get_id()
    assert known.by_session(key) is kim

    users.end_sessions(kim.id, now=NOW, by_id=kim.id)

    assert known.by_session(key) is None
    assert known.by_session(kim.get_id()) is kim


@pytest.mark.parametrize("key", ["", "1", "1.", ".1", "x.y", "-1.1", "1.1.1", "9" * 30 + ".1", "²."])
def test_a_made_up_session_is_nobodys(app: Flask, key: str):
    assert known.by_session(key) is None


def test_a_changed_password_ends_every_session_and_is_on_record(app: Flask):
    kim = a_user()
    key = kim.get_id()

    users.change_password(kim.id, old=PASSWORD, new="another long one", now=NOW)

    assert known.by_session(key) is None
    assert users.verify(kim, "another long one")
    assert db.session.scalar(select(Event.kind)) == "password_changed"


def test_two_admins_who_leave_at_once_leave_one_behind(app: Flask):
    ids = [a_user("admin").id, a_user("admin").id]
    db.session.rollback()

    def leave(user_id: int) -> None:
        with app.app_context():
            try:
                users.update(user_id, name="A", role=Role.COLLECTOR, active=True, now=NOW, by_id=None)
            except Refused:
                refused.append(user_id)

    refused: list[int] = []
    threads = [threading.Thread(target=leave, args=(user_id,)) for user_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert db.session.scalar(select(func.count()).where(User.role == Role.ADMIN)) == 1
