"""Signing in and out."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter
from werkzeug.test import TestResponse

from tests.factories import NOW, PASSWORD, a_user, an_account
from tests.web.conftest import Browser
from wiseops.auth import PUBLIC
from wiseops.queries import users as known
from wiseops.services import users

WRONG = {"email": "kim@example.com", "password": "something else"}
RIGHT = {"email": "kim@example.com", "password": PASSWORD}


def test_the_right_password_lets_one_in(client: Browser):
    a_user(email="kim@example.com")

    assert client.post("/login", data=RIGHT).location == "/"
    assert client.get("/settings").status_code == 200


def test_an_address_is_known_whatever_its_case(client: Browser):
    a_user(email="kim@example.com")
    assert client.post("/login", data=RIGHT | {"email": " Kim@Example.COM"}).status_code == 303


def test_a_wrong_password_an_unknown_and_a_deactivated_person_get_the_same_answer(client: Browser):
    a_user(email="kim@example.com")
    a_user(email="gone@example.com", active=False)

    wrong = client.post("/login", data=WRONG)
    unknown = client.post("/login", data=WRONG | {"email": "who@example.com"})
    gone = client.post("/login", data=RIGHT | {"email": "gone@example.com"})

    assert {wrong.status_code, unknown.status_code, gone.status_code} == {422}
    assert _form(wrong, "kim") == _form(unknown, "who") == _form(gone, "gone")


def test_an_unknown_address_takes_as_long_as_a_wrong_password(app: Flask):
    user = users.create("kim@example.com", name="Kim", role="admin", password=PASSWORD, now=NOW)

    def seconds(who: object) -> float:
        start = time.perf_counter()
        users.verify(who, "something else")  # type: ignore[arg-type]
        return time.perf_counter() - start

    known, nobody = (statistics.median(seconds(who) for _ in range(3)) for who in (user, None))
    assert nobody > known / 3


def test_the_sixth_wrong_password_for_an_account_in_a_minute_is_not_tried(client: Browser):
    a_user(email="kim@example.com")

    codes = [client.post("/login", data=WRONG).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]
    assert client.post("/login", data=RIGHT).status_code == 429


def test_one_address_cannot_try_many_accounts(client: Browser):
    from_here = [
        client.post("/login", data=WRONG | {"email": f"{n}@example.com", "password": ""}).status_code for n in range(31)
    ]
    assert from_here[-1] == 429


def test_signing_in_starts_a_new_session(client: Browser):
    a_user(email="kim@example.com")
    with client.session_transaction() as session:
        session["planted"] = "by someone else"

    client.post("/login", data=RIGHT)

    with client.session_transaction() as session:
        assert "planted" not in session


def test_after_login_one_is_back_where_one_wanted_to_be(client: Browser):
    a_user(email="kim@example.com")

    login = client.get("/settings/profile?x=1").location

    assert login == "/login?next=%2Fsettings%2Fprofile%3Fx%3D1"
    assert 'value="/settings/profile?x=1"' in client.get(login).text
    assert client.post("/login", data=RIGHT | {"next": "/settings/profile"}).location == "/settings/profile"


def test_next_never_leads_away(client: Browser):
    a_user(email="kim@example.com")
    ways_out = ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x")
    assert {client.post("/login", data=RIGHT | {"next": way}).location for way in ways_out} == {"/"}


def test_signing_out_ends_the_session(collector: Browser):
    assert collector.post("/logout").location == "/login"
    assert collector.get("/settings").location == "/login?next=%2Fsettings"


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(app: Flask, client: Browser):
    a_user(email="kim@example.com")
    elsewhere: Browser = app.test_client()  # type: ignore[assignment]
    elsewhere.post("/login", data=RIGHT)
    copied = signed_in(client, new=False)

    client.post("/logout")
    thief: Browser = app.test_client()  # type: ignore[assignment]
    thief.set_cookie("wiseops", copied)

    assert thief.get("/settings").location == "/login?next=%2Fsettings"
    assert thief.fragment("/settings").status_code == 401
    assert elsewhere.get("/settings").status_code == 200


def test_a_session_that_ended_never_begins_again_however_many_follow(app: Flask):
    user = a_user()
    made_for = user.get_id()

    for number in range(users.MOST_ENDED):
        users.end_session(user.id, str(number))
        assert (known.by_session(made_for) is not None, len(user.ended_sessions)) == (True, number + 1)
    users.end_session(user.id, "one more")

    assert known.by_session(made_for) is None
    assert user.ended_sessions == []


def test_signing_out_everywhere_ends_other_sessions(app: Flask, client: Browser):
    user = a_user()
    here, there = client.sign_in(user), app.test_client().sign_in(user)

    here.post("/logout/everywhere")

    assert there.get("/settings").status_code == 303


def test_a_deactivated_person_is_out_at_once(collector: Browser, app: Flask):
    user = users.create("boss@example.com", name="B", role="admin", password=PASSWORD, now=NOW)
    users.update(user.id - 1, name="C", role="collector", active=False, now=NOW, by_id=user.id)
    assert collector.get("/settings").status_code == 303


def test_htmx_leaves_the_page_when_the_session_has_ended(client: Browser):
    answer = client.get(
        "/settings", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/settings/users?a=b"}
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=%2Fsettings%2Fusers%3Fa%3Db"


def test_a_notice_outlives_what_the_page_asked_before_and_is_answered_after(client: Browser):
    account, asked_with = an_account(), signed_in(client)

    arrive = ask(client, f"/accounts/{account}/sms/unread", asked_with)
    client.post(f"/accounts/{account}/block", data={"reason": "Bankrupt"})
    arrive()

    assert "Nothing is sent by itself until it is unblocked" in client.get(f"/accounts/{account}").text


def test_what_a_page_asked_before_signing_out_does_not_sign_in_again(client: Browser):
    account, asked_with = an_account(), signed_in(client)

    arrive = ask(client, f"/accounts/{account}/sms/unread", asked_with)
    client.post("/logout")
    arrive()

    assert client.get("/settings").location == "/login?next=%2Fsettings"


def test_a_page_that_is_opened_keeps_the_session(client: Browser):
    signed_in(client)
    assert "Expires" in client.get("/settings").headers["Set-Cookie"]


def signed_in(client: Browser, *, new: bool = True) -> str:
    """The cookie with which a page of theirs asks."""
    if new:
        a_user(email="kim@example.com")
    client.post("/login", data=RIGHT)
    client.get("/settings")
    return client.get_cookie("wiseops").value


def ask(browser: Browser, path: str, cookie: str) -> Callable[[], None]:
    """Asks beside the browser, as htmx does, with an earlier cookie; call what it answers when the answer arrives."""
    earlier = browser.application.test_client()
    earlier.set_cookie("wiseops", cookie)
    answer = earlier.fragment(path)
    assert answer.status_code == 200

    def arrive() -> None:
        if "Set-Cookie" in answer.headers:
            browser.set_cookie("wiseops", earlier.get_cookie("wiseops").value)

    return arrive


def test_every_route_needs_a_login_unless_listed(app: Flask, client: Browser):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        path = rule.build({name: _any_value(converter) for name, converter in rule._converters.items()})[1]
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(path, method=method)
            assert answer.status_code == 303, rule
            assert answer.location.startswith("/login"), rule


def _any_value(converter: BaseConverter) -> object:
    return sorted(converter.items)[0] if isinstance(converter, AnyConverter) else converter.to_python("1")


def _form(page: TestResponse, name: str) -> str:
    return page.text.split("<main")[1].replace(name + "@", "x@")
