"""A dispute from the ledger to its credit note, with a real browser."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import update

from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_contact, a_debtor, a_user, an_entry
from tests.stories import Post
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.services import automation, messages
from wiseops.web.clock import now, today


def next_morning() -> datetime:
    """11 o'clock on the next working day that no country closes, early or late in the year."""
    day = today() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(11), UTC)


def test_a_part_is_disputed_the_rest_demanded_and_the_credit_note_clears_it(inspector: Page, live: str):
    a_user("collector", email="ida@example.com")
    db.session.execute(update(Automation).values(paused=False))
    db.session.commit()
    account = a_debtor("1250.00 DKK", due=today() - timedelta(days=10), number="A-1", now=now())
    a_contact(account, name="Mette", email="mette@example.com")
    page, post = inspector, Post()
    sign_in(page, live, "ida@example.com", PASSWORD)

    page.goto(f"{live}/accounts/{account}/ledger")
    page.get_by_role("link", name="Dispute A-1").press("Enter")
    expect(page.get_by_label("Amount")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Amount").fill("400.00")
    page.get_by_label("Why").select_option("Not as agreed")
    page.get_by_label("What they say").fill("Two pallets were wet")
    page.get_by_label("Amount").press("Enter")
    expect(page.locator("#ledger")).to_contain_text("400.00 disputed")
    expect(page.locator("#account-head")).to_contain_text("850.00")
    expect(page.locator("aside.rail")).to_contain_text("of A-1 is disputed")

    automation.run(next_morning())
    messages.send_due(next_morning(), senders={"email": post, "file": post})
    assert "850.00" in post.letters[0].body

    page.get_by_role("link", name="Disputes").click()
    page.get_by_role("link", name="Decide").press("Enter")
    expect(page.get_by_label("Because")).to_be_visible()
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-settling, .htmx-added')")
    assert violations(page) == []
    page.get_by_label("Upheld: it rests until its credit note is booked").check()
    page.get_by_role("button", name="Note the decision").click()
    expect(page.locator("#disputes")).to_contain_text("Upheld")

    an_entry(account, "850.00 DKK", kind="payment", on=today(), now=now())
    page.get_by_role("link", name="Credit note", exact=True).click()
    expect(page.get_by_label("Amount")).to_have_value("400.00")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("#account-head")).to_contain_text("Clear")
    page.goto(f"{live}/accounts/{account}/disputes")
    expect(page.locator("#disputes")).to_contain_text("Credited")
    assert violations(page) == []
