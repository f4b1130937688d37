"""Working an account with a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.live import sign_in
from tests.factories import PASSWORD, a_payment, a_user, an_account, an_entry
from wiseops.domain.contacts import Details
from wiseops.services import contacts
from wiseops.web.clock import now, today


@pytest.fixture
def nordlys(live: str, page: Page) -> int:
    a_user("manager", email="ida@example.com")
    account = an_account(name="Nordlys ApS", country="DK")
    contacts.create(account, Details(name="Bo", email="bo@example.com", phone="12"), now=now())
    issued = today() - timedelta(days=50)
    an_entry(account, "100.00 DKK", number="A-1", on=issued, due_on=today() - timedelta(days=20))
    a_payment(account, "20.00 DKK", number="P-1", allocate_to="unknown")
    return account


def test_a_payment_is_recorded_in_place_and_the_header_follows(page: Page, live: str, nordlys: int):
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{nordlys}")
    page.get_by_role("link", name="Ledger").click()
    expect(page).to_have_url(f"{live}/accounts/{nordlys}/ledger")

    page.get_by_role("link", name="Payment", exact=True).click()
    expect(page.get_by_role("link", name="Invoice A-1")).to_be_visible()
    expect(page.get_by_label("Amount")).to_be_focused()
    page.get_by_label("Amount").fill("a lot")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("#amount-errors")).to_be_visible()
    page.get_by_label("Amount").fill("60.00")
    page.get_by_role("button", name="Record").click()

    expect(page.get_by_role("status")).to_contain_text("Payment recorded")
    expect(page.locator(".account-sum")).to_contain_text("20.00")
    expect(page.get_by_role("link", name="Payment PAY-2")).to_be_visible()


def test_the_list_narrows_while_one_types(page: Page, live: str, nordlys: int):
    an_account(name="Bo-Hus")
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts")
    expect(page.get_by_role("link", name="Bo-Hus")).to_be_visible()

    page.get_by_label("Search", exact=True).fill("nordl")

    expect(page.get_by_role("link", name="Bo-Hus")).not_to_be_visible()
    expect(page).to_have_url(f"{live}/accounts?q=nordl&stage=&owner=")


def test_a_call_is_logged_with_the_keyboard_alone(page: Page, live: str, nordlys: int):
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{nordlys}/collections")
    expect(page.locator("#account-tasks")).to_contain_text("None open.")

    page.keyboard.press("c")
    expect(page.get_by_role("form", name="Phone Call")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Phone Call")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("radio", name="Call", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Follow up on")).not_to_have_value("")
    while page.evaluate("document.activeElement.name") != "notes":
        page.keyboard.press("Tab")
    page.keyboard.type("Rings out, call at noon.")
    while page.evaluate("document.activeElement.type") != "submit":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#history")).to_contain_text("Rings out, call at noon.")
    expect(page.locator("#account-tasks")).to_contain_text("Follow-up")
    expect(page.locator("#quick-action")).to_be_empty()
    expect(page.get_by_role("link", name="Add Activity")).to_be_focused()
    expect(page).to_have_url(f"{live}/accounts/{nordlys}/collections")
