"""What somebody typed stays while the page lives on around it, and goes only when they say so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import func, insert, select

from tests.browser.live import sign_in
from tests.factories import PASSWORD, a_user
from tests.hours import a_debtor_awake
from wiseops.extensions import db
from wiseops.models import Activity
from wiseops.services.transaction import transaction
from wiseops.web.clock import now, today

OPENED = "#quick-action"
LOSE, REPLACE, LEAVE = "Close without saving what you typed?", "Replace what you wrote by the template?", ""


@pytest.fixture
def desk(page: Page, live: str) -> Page:
    """The collections tab of an account."""
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake(owed="1250.00 DKK")
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")
    return page


@pytest.fixture
def asked(desk: Page) -> list[str]:
    """What the page asks, and is told no."""
    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.dismiss()

    desk.on("dialog", answer)
    return questions


def a_history(account: int, count: int, *, words: str = "They will pay") -> None:
    rows = [{"account_id": account, "kind": "note", "notes": f"{words} {n}. " + "Long. " * 80} for n in range(count)]
    with transaction():
        db.session.execute(insert(Activity), [row | {"at": now()} for row in rows])


def test_a_hold_is_typed_while_answers_come_in_and_is_mended_where_it_stands(desk: Page, asked: list[str]):
    desk.keyboard.press("s")
    desk.get_by_label("Text").fill("Half a message")
    desk.get_by_text("Hold until a day").click()
    hold = desk.locator("#hold-form")
    hold.get_by_label("Reason").fill("On holiday")
    hold.get_by_label("Hold until").fill("2020-01-01")
    with desk.expect_response("**/rail"):
        desk.evaluate("htmx.trigger(document.body, 'replies-changed')")
    expect(desk.locator(".htmx-request")).to_have_count(0)
    expect(desk.locator("#account-tasks")).to_contain_text("None open.")
    expect(hold.get_by_label("Reason")).to_have_value("On holiday")

    hold.get_by_role("button", name="Hold").click()
    expect(hold.get_by_text("Choose a day after today.")).to_be_visible()
    expect(hold.get_by_label("Hold until")).to_be_focused()
    expect(hold.get_by_label("Reason")).to_have_value("On holiday")
    hold.get_by_label("Hold until").fill((today() + timedelta(days=3)).isoformat())
    hold.get_by_role("button", name="Hold").click()

    expect(desk.get_by_role("button", name="Release")).to_be_visible()
    expect(desk.locator("#account-head")).to_contain_text("Held")
    expect(desk.get_by_label("Text")).to_have_value("Half a message")

    desk.locator("summary", has_text="Block").click()
    desk.locator("#block-form").get_by_label("Reason").fill("At court")
    desk.locator("#block-form").get_by_role("button", name="Block").click()
    desk.get_by_label("Start over from step 1").check()
    desk.get_by_label("Text").focus()
    with desk.expect_response("**/rail"):
        desk.evaluate("htmx.trigger(document.body, 'replies-changed')")
    expect(desk.locator(".htmx-request")).to_have_count(0)
    expect(desk.get_by_label("Start over from step 1")).to_be_checked()
    assert asked == []


def test_a_contact_that_is_typed_is_left_only_when_somebody_says_so_and_saved_unasked(desk: Page, asked: list[str]):
    for opened in (desk.url.replace("collections", "edit"), desk.url.replace("collections", "contacts/new")):
        desk.goto(opened)
        desk.get_by_role("link", name="Ledger").click()
        expect(desk).to_have_url(re.compile("/ledger$"))
    assert asked == []

    desk.goto(opened)
    email = desk.locator("#contact-form #email")
    email.fill("bo at example")
    desk.get_by_role("link", name="Ledger").click()
    desk.get_by_role("button", name="Add contact").click()
    expect(desk.locator("#email-errors")).to_be_visible()
    desk.get_by_role("link", name="Ledger").click()
    expect(email).to_have_value("bo at example")
    assert asked == [LOSE, LOSE]

    email.fill("bo@example.com")
    desk.get_by_role("button", name="Add contact").click()
    expect(desk.get_by_role("status")).to_be_visible()
    assert len(asked) == 2


def test_a_history_that_one_reads_far_down_goes_on_where_it_was(desk: Page):
    account = int(desk.url.split("/")[-2])
    a_history(account, 80)
    desk.reload()
    lines, older = desk.locator("#history .happening"), desk.locator(".history-more")
    expect(lines).to_have_count(30)
    older.scroll_into_view_if_needed()
    expect(lines).to_have_count(60)
    note = lines.nth(40).locator("details")
    note.locator("summary").click()
    told = note.locator("p").text_content()

    a_history(account, 1, words="Just now")
    with desk.expect_response("**/history?lines=60"):
        desk.evaluate("htmx.trigger(document.body, 'replies-changed')")
    expect(lines.first).to_contain_text("Just now")
    expect(lines).to_have_count(60)
    expect(desk.locator("#history details[open] p")).to_have_text(told or "")
    expect(desk.locator("#history details[open] p")).to_be_in_viewport()

    older.scroll_into_view_if_needed()
    expect(older).to_be_hidden()
    db.session.rollback()
    everything = db.session.scalar(select(func.count()).select_from(Activity)) or 0
    ids = desk.locator("#history .happening[id^=h-a]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)) == everything


def test_what_was_typed_is_dropped_only_when_somebody_says_so(desk: Page, asked: list[str]):
    for key in "ap":
        desk.keyboard.press(key)
        expect(desk.locator(f"{OPENED} :focus")).to_have_count(1)
        desk.keyboard.press("Escape")
        expect(desk.locator(OPENED)).to_be_empty()
    assert asked == []

    desk.keyboard.press("e")
    template = desk.get_by_label("Template")
    template.select_option(index=1)
    expect(desk.get_by_label("Subject")).not_to_have_value("")
    chosen = template.input_value()
    desk.get_by_label("Subject").fill("Our talk")
    desk.get_by_label("Text").fill("")
    desk.get_by_role("button", name="Send Email").click()
    expect(desk.locator("#body-errors")).to_be_visible()
    template.select_option(index=2)
    expect(template).to_have_value(chosen)
    expect(desk.get_by_label("Subject")).to_have_value("Our talk")
    desk.get_by_role("link", name="Ledger").click()
    desk.get_by_role("link", name="Add Activity").click()
    template.focus()
    desk.keyboard.press("Escape")
    desk.evaluate("location.reload()")
    expect(desk.get_by_label("Subject")).to_have_value("Our talk")
    assert asked == [REPLACE, LOSE, LOSE, LOSE, LEAVE]

    desk.get_by_label("Text").fill("As we said.")
    desk.get_by_role("button", name="Send Email").click()
    expect(desk.locator(OPENED)).to_be_empty()
    desk.get_by_role("link", name="Details").click()
    expect(desk).to_have_url(re.compile(r"/accounts/\d+$"))
    desk.get_by_role("link", name="Collections", exact=True).click()
    expect(desk).to_have_url(re.compile("/collections$"))
    assert len(asked) == 5
    desk.get_by_role("link", name="Add Activity").click()
    desk.get_by_label("Notes").fill("Half a note")
    desk.evaluate("history.back()")
    expect(desk).to_have_url(re.compile("/collections$"))
    expect(desk.get_by_label("Notes")).to_have_value("Half a note")
    assert asked[5:] == [LOSE]
