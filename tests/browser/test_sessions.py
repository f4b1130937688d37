"""Signing in with a real browser, and what the shell does by key and by click."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.live import sign_in
from tests.factories import NOW, PASSWORD, a_user
from wiseops.services import users


def test_a_person_signs_in_looks_around_and_signs_out(page: Page, live: str):
    a_user("admin", email="ida@example.com", name="Ida Holm")

    page.goto(live + "/settings/users")
    page.get_by_label("E-mail").fill("ida@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Users")).to_be_visible()
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("signed out")


def test_the_slash_key_goes_to_the_search(page: Page, live: str):
    a_user("admin", email="ida@example.com")
    sign_in(page, live, "ida@example.com", PASSWORD)

    page.keyboard.press("/")

    expect(page.get_by_role("searchbox", name="Search accounts")).to_be_focused()
    expect(page.get_by_role("searchbox", name="Search accounts")).to_have_value("")


def test_the_theme_stays_chosen(page: Page, live: str):
    a_user("admin", email="ida@example.com")
    sign_in(page, live, "ida@example.com", PASSWORD)

    page.get_by_role("button", name="Light or dark").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_htmx_takes_one_to_the_login_when_the_session_was_ended(page: Page, live: str):
    user = a_user("admin", email="ida@example.com")
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(live + "/settings/profile")
    users.end_sessions(user.id, now=NOW, by_id=None)

    page.evaluate("htmx.ajax('GET', '/settings', '#main')")

    page.wait_for_url("**/login?next=%2Fsettings%2Fprofile")


def test_htmx_says_when_a_page_broke(page: Page, live: str):
    a_user("admin", email="ida@example.com")
    sign_in(page, live, "ida@example.com", PASSWORD)

    page.evaluate("htmx.ajax('GET', '/nowhere', '#main')")

    expect(page.get_by_role("status")).to_contain_text("Not found")
    expect(page.get_by_role("heading")).not_to_have_text("Not found")
