"""An e-mail that comes in while somebody has the account open, in a real browser."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.arrivals import arrive, written
from tests.browser.live import sign_in, violations
from tests.events import sent
from tests.factories import PASSWORD, a_contact, a_user, always_open, an_account
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.web.clock import now


def test_a_mail_appears_by_itself_is_answered_in_its_thread_and_waits_no_more(app: Flask, inspector: Page, live: str):
    always_open()
    a_user("collector", email="ida@example.com")
    account = an_account(name="Nordlys")
    a_contact(account, name="Mette Lund", email="mette@example.com")
    sent(account, "ref-1", "mette@example.com", channel="email", subject="Reminder", body="When do you pay?")
    page = inspector
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")
    quote = "\r\n\r\nOn Mon, Mar 2, 2026 at 10:00 AM Os <os@example.com> wrote:\r\n> When do you pay?"

    arrive(written("On Friday" + quote, In_Reply_To="<ref-1@x>", Message_ID="<m1@theirs>"), at=now())
    region = page.locator("#mails")
    expect(region).to_contain_text("1 e-mail waits for us", timeout=6000)

    expect(region.get_by_text("On Friday")).to_be_visible()
    expect(region.get_by_text("> When do you pay?")).to_be_hidden()
    region.get_by_text("What it answers").click()
    expect(region.get_by_text("> When do you pay?")).to_be_visible()
    expect(region.get_by_text("New", exact=True)).to_have_count(0)
    page.evaluate("htmx.trigger(document.body, 'account-changed')")
    page.wait_for_load_state("networkidle")
    expect(region.get_by_text("> When do you pay?")).to_be_visible()
    assert violations(page) == []
    region.get_by_role("link", name="Reply").click()
    expect(page.get_by_label("Subject")).to_have_value("Re: Reminder")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    page.keyboard.type("Thank you")
    page.keyboard.press("Control+Enter")
    expect(region).not_to_contain_text("waits for us")
    expect(page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
    db.session.rollback()
    answer = db.session.scalars(select(Message).where(Message.body == "Thank you")).one()
    assert (answer.in_reply_to, answer.to_address) == ("m1@theirs", "mette@example.com")
