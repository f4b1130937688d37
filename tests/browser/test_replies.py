"""They write, reminders wait, somebody deals with it, and the next step comes: in Chromium."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_debtor, a_user, running
from tests.test_replies import PHONE, a_reply_of
from wiseops.services import automation
from wiseops.web.clock import now, today


def test_a_reply_holds_the_next_step_until_it_is_dealt_with(app: Flask, inspector: Page, live: str):
    page, rail = inspector, inspector.get_by_role("complementary", name="What happens next")
    a_user("collector", email="ida@example.com")
    running(now())
    account = a_debtor(phone=PHONE, country="DK", due=today() - timedelta(days=1), now=now())
    automation.decide([account], now())
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")
    expect(rail).to_contain_text("Step 1")

    a_reply_of(account, now=now(), body="I pay on Friday")
    expect(page.get_by_role("log")).to_contain_text("I pay on Friday", timeout=8_000)
    expect(rail).to_contain_text("They wrote on")
    expect(page.locator("#account-head")).to_contain_text("Waiting for us")
    assert violations(page) == []

    page.keyboard.press("h")
    expect(rail).not_to_contain_text("They wrote on")
    expect(rail).to_contain_text("Step 1")
    page.keyboard.press("z")
    expect(page.get_by_label("Hold until")).to_be_focused()
    page.get_by_label("Or until they answer").check()
    page.get_by_label("Hold until").fill((today() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Hold", exact=True).press("Enter")
    expect(rail).to_contain_text("or until they answer")
