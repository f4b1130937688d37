"""Taking a promise with a real browser and the keyboard alone."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_debtor, a_user, an_entry
from wiseops.web.clock import now, today


def test_a_promise_is_taken_with_the_keyboard_and_the_page_follows(inspector: Page, live: str):
    a_user("collector", email="ida@example.com")
    due = today() - timedelta(days=10)
    account = a_debtor("1000.00 DKK", due=due, number="A-1", now=now())
    an_entry(account, "250.00 DKK", on=due, due_on=due, number="A-2", now=now())
    page = inspector
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/promises")

    page.get_by_role("link", name="Add Promise to Pay").press("Enter")
    expect(page.get_by_label("By", exact=True)).to_be_focused()
    assert violations(page) == []
    page.get_by_label("The balance, oldest first").press("ArrowRight")
    expect(page.get_by_label("A-2")).to_be_visible()
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-settling, .htmx-added')")
    page.get_by_label("A-2").press("Space")
    expect(page.get_by_role("status").filter(has_text="Chosen")).to_contain_text("250.00")
    expect(page.get_by_label("A-2", exact=True)).to_be_focused()
    expect(page.get_by_label("Amount in DKK")).to_have_value("250.00")
    page.get_by_label("Notes").fill("Salary comes then")
    page.get_by_label("By", exact=True).fill((today() + timedelta(days=4)).isoformat())
    assert violations(page) == []
    page.get_by_label("Amount in DKK").press("Enter")

    expect(page.locator("#promises")).to_contain_text("Salary comes then")
    expect(page.locator("#account-head")).to_contain_text("1,000.00")
    expect(page.locator("aside.rail")).to_contain_text("Promised 250.00")
    assert violations(page) == []
