"""Who may do what, and who decides it."""

from __future__ import annotations

from sqlalchemy import select

from tests.factories import PASSWORD, a_user
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import User

NEW = {"name": "Ida", "email": "Ida@example.com", "role": "manager", "locale": "da"}


def test_only_admins_see_users(manager: Browser):
    assert manager.get("/settings/users").status_code == 403
    assert manager.post("/settings/users", data=NEW).status_code == 403
    assert "/settings/users" not in manager.get("/settings").text


def test_an_admin_lets_someone_in_with_a_password_shown_once(admin: Browser):
    page = admin.post("/settings/users", data=NEW)
    password = page.text.split("<code>")[1].split("</code>")[0]

    ida = db.session.scalar(select(User).where(User.email == "ida@example.com"))
    assert (ida.role, ida.locale) == ("manager", "da")
    admin.post("/logout")
    assert admin.post("/login", data={"email": "ida@example.com", "password": password}).status_code == 303


def test_an_address_is_given_only_once(admin: Browser):
    admin.post("/settings/users", data=NEW)
    again = admin.post("/settings/users", data=NEW)
    assert again.status_code == 422
    assert "already has this e-mail" in again.text


def test_the_only_admin_stays_admin(admin: Browser):
    me = db.session.scalar(select(User.id))
    answer = admin.post(f"/settings/users/{me}", data={"name": "A", "role": "collector", "active": "y"})
    assert answer.status_code == 422
    assert "only admin" in answer.text


def test_one_of_two_admins_may_step_down(admin: Browser):
    other = a_user("admin").id
    assert admin.post(f"/settings/users/{other}", data={"name": "A", "role": "collector"}).status_code == 303
    assert db.session.get(User, other).active is False


def test_a_new_password_ends_the_sessions_of_the_old_one(admin: Browser):
    other = a_user()
    before = other.session_version
    admin.post(f"/settings/users/{other.id}/password")
    assert db.session.get(User, other.id).session_version == before + 1


def test_nobody_is_404(admin: Browser):
    assert admin.get("/settings/users/999").status_code == 404
    assert admin.get("/settings/users/99999999999999999999").status_code == 404


def test_one_changes_ones_own_password_with_the_old_one(collector: Browser):
    change = {"old": PASSWORD, "password": "a new long one", "again": "a new long one"}

    assert collector.post("/settings/profile/password", data=change | {"old": "wrong"}).status_code == 422
    assert collector.post("/settings/profile/password", data=change | {"again": "typo"}).status_code == 422
    assert collector.post("/settings/profile/password", data=change).status_code == 303
    assert collector.get("/settings").status_code == 200
    collector.post("/logout")
    sign_in = {"email": "collector@example.com", "password": "a new long one"}
    assert collector.post("/login", data=sign_in).location == "/"


def test_a_short_password_is_refused(collector: Browser):
    change = {"old": PASSWORD, "password": "short", "again": "short"}
    answer = collector.post("/settings/profile/password", data=change)
    assert answer.status_code == 422
    assert "10 to 200 characters" in answer.text


def test_numbers_are_read_in_the_chosen_language(collector: Browser):
    collector.post("/settings/profile", data={"name": "Kim", "locale": "da"})
    assert '<html lang="da"' in collector.get("/settings").text
