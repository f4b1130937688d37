"""An SMS that comes in while somebody has the account open, in a real browser."""

from __future__ import annotations

import time
from dataclasses import replace

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.live import sign_in, violations
from tests.events import sent
from tests.factories import PASSWORD, a_contact, a_user, an_account
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.jobs import webhooks

NUMBER = "+4520123456"


def test_an_answer_appears_in_the_open_thread_by_itself_and_is_dealt_with(app: Flask, inspector: Page, live: str):
    a_user("collector", email="ida@example.com")
    account = an_account(name="Nordlys")
    a_contact(account, name="Mette", phone=NUMBER)
    sent(account, "1", NUMBER, body="When do you pay?\n" + "Please answer.\n" * 30)
    page, thread = inspector, inspector.get_by_role("log")
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")
    expect(thread).to_contain_text("When do you pay?")
    page.get_by_role("searchbox", name="Search the history").fill("typed meanwhile")
    expect(page.locator(".htmx-request")).to_have_count(0)
    said = {"message_uuid": "in-1", "from": NUMBER[1:], "to": "4599999999", "message_type": "text", "text": "On Friday"}

    with VonageDouble() as double:
        app.extensions["wiseops"] = replace(app.extensions["wiseops"], vonage_signature_secret=double.secret)
        assert double.post(f"{live}/webhooks/vonage/inbound", said) == 200
    db.session.rollback()
    webhooks.work()
    since = time.monotonic()
    expect(thread.get_by_text("On Friday")).to_be_in_viewport(timeout=5000)
    assert time.monotonic() - since < 5

    expect(page.get_by_role("link", name="Inbox 1")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search the history")).to_have_value("typed meanwhile")
    expect(thread.get_by_text("New")).to_have_count(0, timeout=6000)  # seen, since the thread is open
    expect(page.get_by_role("link", name="Collections", exact=True)).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Mark as handled").press("Enter")
    expect(thread).to_contain_text("dealt with by Kim Lund")
    expect(page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()
