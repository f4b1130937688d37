"""A call in Chromium against the double: it rings, is answered, ends, and lands in the form."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from playwright.sync_api import Page, expect

from tests import calling
from tests.adapters.keys import PRIVATE_KEY
from tests.browser.live import sign_in, violations
from tests.calling import NUMBER, hours, someone
from tests.factories import PASSWORD, a_debtor
from wiseops.adapters.calls_vonage import CallsVonage
from wiseops.adapters.vonage_clients import Account
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.services import webhooks
from wiseops.web.clock import now


def test_a_call_rings_is_answered_and_lands_in_the_form(app: Flask, inspector: Page, live: str):
    page = inspector
    page.set_viewport_size({"width": 390, "height": 844})
    kim = someone()
    calling.live()
    hours(always=True)
    account = a_debtor(email="", phone=NUMBER, country="DK", now=now())
    with VonageDouble() as double:
        app.extensions["wiseops"] = replace(app.extensions["wiseops"], vonage_signature_secret=double.secret)
        ours = Account("app-1", PRIVATE_KEY, "+4599999999", f"{live}/webhooks/vonage/voice", double.address)
        app.extensions["caller"] = CallsVonage(ours)

        def say(*steps: tuple[str, str]) -> None:
            double.calls.play(double.calls.rows[-1], steps)
            db.session.rollback()
            webhooks.work(now())

        sign_in(page, live, kim.email, PASSWORD)
        page.goto(f"{live}/accounts/{account}/collections")
        page.keyboard.press("c")
        expect(page.get_by_role("button", name="Call Mette Lund")).to_be_focused()
        assert violations(page) == []
        page.get_by_role("button", name="Call Mette Lund").dblclick()

        panel = page.locator("#call-live")
        expect(panel).to_contain_text("Ringing your phone")
        expect(page.get_by_label("Notes")).to_be_focused()
        assert violations(page) == []
        page.keyboard.type("Says the bank")
        say(("collector", "ringing"), ("collector", "answered"))
        expect(panel).to_contain_text("Ringing Mette Lund", timeout=5_000)
        say(("debtor", "ringing"), ("debtor", "answered"))
        expect(panel).to_contain_text("Connected", timeout=5_000)
        page.keyboard.type(" is slow.")
        page.get_by_role("button", name="Hang up").click()
        while not double.calls.rows[-1]["ended"] or len(double.answers) < 6:
            page.wait_for_timeout(50)
        db.session.rollback()
        webhooks.work(now())

        form = page.get_by_role("form", name="Phone Call")
        expect(form).to_contain_text("0:42", timeout=5_000)
        expect(page.get_by_label("Notes")).to_have_value("Says the bank is slow.")
        expect(page.get_by_label("Spoke to Customer")).to_be_checked()
        assert violations(page) == []
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#history")).to_contain_text("Says the bank is slow.")
        expect(page.locator("#history")).to_contain_text("0:42")
        assert len(double.calls.rows) == 1
