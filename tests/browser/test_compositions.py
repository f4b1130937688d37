"""Writing to a customer with a real browser and the keyboard, to the doubles of the providers."""

from __future__ import annotations

import re
import time
from pathlib import Path

from flask import Flask
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.adapters.keys import PRIVATE_KEY
from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_user
from tests.hours import NUMBER, a_debtor_asleep, a_debtor_awake
from wiseops.adapters.email_smtp import EmailSmtp, Server
from wiseops.adapters.sms_vonage import Account, SmsVonage
from wiseops.domain.messages import Sender
from wiseops.doubles.smtp import SmtpDouble
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.services import messages
from wiseops.services.transaction import transaction
from wiseops.web.clock import now


def go_live(app: Flask, **senders: Sender) -> None:
    app.extensions["senders"] = app.extensions["senders"] | senders
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"


def work(app: Flask) -> int:
    """What a worker does when it is rung."""
    return messages.send_due(now(), senders=app.extensions["senders"]).sent


def test_an_sms_is_written_from_a_template_edited_and_seen_to_leave(inspector: Page, live: str, app: Flask):
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake(owed="1250.00 DKK", name="Nordlys ApS", number="A-1")
    page = inspector
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")

    page.keyboard.press("s")
    expect(page.get_by_label("Template")).to_be_focused()
    expect(page.locator(".htmx-added")).to_have_count(
        0
    )  # Quicker than any hand: htmx listens only when it has settled.
    page.keyboard.type("Final")
    expect(page.get_by_label("Text")).to_have_value(re.compile(r"final notice\. DKK 1,250\.00 is unpaid \(A-1\)"))
    expect(page.locator("#size")).to_contain_text("1 SMS")
    page.get_by_text("Documents", exact=True).click()
    plans = [FilePayload(name=f"{n}.pdf", mimeType="application/pdf", buffer=b"%PDF") for n in range(3)]
    page.get_by_label("Files").set_input_files(plans)
    expect(page.locator("#size")).to_contain_text("3 links included")
    assert violations(page) == []
    page.get_by_label("Files").set_input_files([])
    expect(page.locator("#size")).not_to_contain_text("links included")
    page.get_by_label("Text").press("Control+End")
    page.keyboard.type(" Call me, Ida: \u2026 " + "x" * 60)
    expect(page.locator("#size")).to_contain_text("2 SMS")
    with VonageDouble() as double:
        go_live(app, sms=SmsVonage(Account("app-1", PRIVATE_KEY, "+4599999999", f"{live}/status", double.address)))
        page.keyboard.press("Control+Enter")
        expect(page.locator("#history")).to_contain_text("Queued")
        assert work(app) == 1
        expect(page.locator("#history .happening").first).to_contain_text("Sent")
        (taken,) = double.sink.kept

    assert taken["to"] == NUMBER.lstrip("+")
    assert "Call me, Ida: ... x" in taken["text"]
    expect(page.locator("#quick-action")).to_be_empty()
    expect(page.get_by_role("link", name="Send SMS")).to_be_focused()
    assert violations(page) == []


def test_an_email_leaves_with_its_file_and_a_program_does_not(page: Page, live: str, app: Flask, tmp_path: Path):
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake()
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7 plan")
    (tmp_path / "bill.pdf").write_bytes(b"MZ" + b"\0" * 60)
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")

    page.keyboard.press("e")
    page.get_by_label("Subject").fill("Payment plan")
    page.get_by_label("Text").fill("Dear Mette,\n\nhere is the plan.")
    page.get_by_label("Files").set_input_files(tmp_path / "bill.pdf")
    page.get_by_role("button", name="Send Email").click()
    expect(page.locator("#files-errors")).to_contain_text("Choose again: bill.pdf")
    expect(page.get_by_label("Text")).to_have_value("Dear Mette,\n\nhere is the plan.")
    page.get_by_label("Files").set_input_files(tmp_path / "plan.pdf")
    shown: list[bool] = []

    def slowly(route: Route) -> None:
        shown.append(page.get_by_text("Sending the files").is_visible())
        time.sleep(0.2)
        route.continue_()

    page.route("**/emails", slowly)
    page.evaluate("htmx.config.timeout = 100")  # Of a request without files.
    with SmtpDouble() as double:
        server = Server(host="127.0.0.1", port=double.port, name="collect.nordlys.dk")
        go_live(app, email=EmailSmtp(server, default_sender="ar@nordlys.dk"))
        page.get_by_role("button", name="Send Email").click()
        page.evaluate("htmx.config.timeout = 30_000")
        expect(page.locator("#history")).to_contain_text("Payment plan")
        assert work(app) == 1
        (mail,) = double.mails()

    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("plan.pdf", b"%PDF-1.7 plan")
    ]
    assert mail["Subject"] == "Payment plan"
    assert shown == [True]


def test_at_night_a_manager_waits_or_says_why_not(inspector: Page, live: str):
    a_user("manager", email="ida@example.com")
    account = a_debtor_asleep()
    page = inspector
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/sms/new")

    page.get_by_label("Text").fill("Please call us.")
    page.get_by_text("Send now all the same").click()
    assert violations(page) == []
    page.get_by_role("button", name="Override and send").click()
    expect(page.get_by_text("Say why it goes all the same.")).to_be_visible()
    page.get_by_label("Why must it go all the same?").fill("She asked for it")
    page.get_by_role("button", name="Override and send").click()
    expect(page.locator("#history")).to_contain_text("Contact limit overridden: She asked for it")

    page.keyboard.press("s")
    page.get_by_label("Text").fill("Good morning.")
    page.get_by_role("button", name="Send on").click()
    expect(page.get_by_role("status").last).to_contain_text("It goes on")
