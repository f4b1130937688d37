"""Every page, as axe reads it, and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.live import sign_in, violations
from tests.events import sent
from tests.factories import NOW, PASSWORD, a_contact, a_user, an_account, an_entry
from tests.screenshots import PAGES, TABS
from tests.web.test_threads import NUMBER, OTHER, a_reply
from wiseops.services import suppressions

MACHINES = ("/static", "/healthz", "/readyz", "/metrics", "/webhooks", "/api", "/login")
KNOWN = {
    "account_id",
    "user_id",
    "plan_id",
    "template_id",
    "message_id",
    "suppression_id",
    "disposition_id",
    "entry_id",
    "contact_id",
    "reply_id",
}
PARTS = {
    "acts.account",
    "arrivals.show",
    "auto_collection.live",
    "auto_collection.over_time",
    "activities.follow_up",
    "activities.history",
    "guardrails.choose",
    "inbox.count",
    "accounts.header",
    "accounts.rail",
    "logos.show",
    "tasks.new",
    "tasks.of_account",
    "threads.show",
    "threads.unread",
    "unclear.new",
}
"""What is a part of a page, a picture, or leads to a page."""

FILES = (".csv", ".pdf")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def pages(app: Flask) -> list[str]:
    """Every address that is read as a page, on a book of one account."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.arguments <= KNOWN]
    found = [rule.build(dict.fromkeys(rule.arguments, 1))[1] for rule in rules]
    return sorted({path for path in found if not path.startswith(MACHINES)})


def test_every_page_has_its_screenshot(app: Flask):
    shot = {path.partition("?")[0] for path in (*PAGES, *(f"/accounts/1{tab}" for tab in TABS))}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in PARTS]
    ways = [{"account_id": 1}, {"account_id": 1, "via": "sms"}, {"account_id": 1, "via": "emails"}]
    built = [rule.build(way, append_unknown=False) for rule in rules for way in ways if rule.arguments <= way.keys()]
    pages = {found[1] for found in built if found and not found[1].startswith(MACHINES)}

    assert {path for path in pages if not path.endswith(FILES)} - shot == set()


@pytest.mark.parametrize("third", range(3))
def test_everyone_can_read_and_use_the_pages(app: Flask, inspector: Page, live: str, third: int):
    a_user("admin", email="ida@example.com")
    account = an_account(name="Nordlys")
    an_entry(account, "100.00 DKK", number="1001")
    a_contact(account, name="Bo", phone=NUMBER)
    sent(account, "1", NUMBER, body="When do you pay?")
    for whose, text, number in ((None, "Who are you?", NUMBER), (account, "Soon", NUMBER), (account, "Hi", OTHER)):
        a_reply(whose, text, number=number, at=NOW + timedelta(hours=len(text)))
    suppressions.add("sms", "+4520123456", reason="opted_out", source="reply", note="Stop", now=NOW)
    inspector.goto(live + "/login")
    assert violations(inspector) == []
    sign_in(inspector, live, "ida@example.com", PASSWORD)

    wrong = {path: found for path in [*pages(app), "/nowhere"][third::3] if (found := _wrong(inspector, live + path))}
    assert wrong == {}


def _wrong(page: Page, address: str) -> list[str]:
    if address.endswith(FILES):
        answer = page.request.get(address)
        return [] if answer.ok else [str(answer.status)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    answer = page.goto(address)
    assert answer
    if answer.status not in (200, 404):
        return [str(answer.status)]
    if "<html" not in answer.text():
        return []
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, only="color-contrast")
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + [f"{width} px wide on a phone"] * (width > NARROW["width"])
