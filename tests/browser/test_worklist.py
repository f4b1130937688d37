"""A morning in work mode, in Chromium, without touching the mouse."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_debtor, a_user
from tests.test_replies import a_reply_of
from wiseops.extensions import db
from wiseops.models import Activity, Task
from wiseops.services import accounts, tasks
from wiseops.web.clock import now, today

TEN = 10


def a_morning(owner_id: int) -> None:
    """Nine calls that are due, and one who wrote."""
    for place in range(TEN):
        account = a_debtor(f"{900 - place}.00 DKK", name=f"Customer {place}", phone=f"+452012345{place}", country="DK")
        accounts.assign([account], owner_id=owner_id, now=now(), by_id=None)
        if place:
            tasks.create(account, kind="call", note=f"Call {place}", due_on=today(), now=now())
        else:
            a_reply_of(account, now=now(), body="Can you send the invoice again?", from_address="+4520123450")


def test_a_morning_of_ten_accounts_with_the_keyboard_alone(app: Flask, inspector: Page, live: str):
    page, press = inspector, inspector.keyboard.press
    a_morning(a_user("collector", email="ida@example.com").id)
    sign_in(page, live, "ida@example.com", PASSWORD)
    assert page.url == live + "/"
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(TEN + 1)
    expect(rows.nth(1)).to_contain_text("Can you send the invoice again?")
    assert violations(page) == []

    press("w")
    bar = page.get_by_role("form", name="Work mode")
    expect(bar).to_contain_text("1 of 10")
    page.wait_for_load_state()
    assert violations(page) == []
    press("h")
    expect(page.get_by_role("log")).to_contain_text("dealt with by Kim Lund")
    press("n")
    for place in range(2, TEN + 1):
        expect(bar).to_contain_text(f"{place} of 10")
        page.wait_for_load_state()  # Before its script is there, a page hears no key.
        press("a")
        form = page.get_by_role("form", name="Add Activity")
        form.get_by_label("No Answer").press("Space")
        form.get_by_role("button", name="Save").press("Enter")
        expect(form).to_have_count(0)
        press("n")

    page.wait_for_url(live + "/")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Activity)) == TEN - 1
    assert db.session.scalar(select(func.count()).where(Task.status == "done")) == TEN - 1
