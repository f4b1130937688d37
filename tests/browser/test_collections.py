"""The five forms of the Collections tab: by keyboard, for everyone, and on a phone with one thumb."""

from __future__ import annotations

from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import func, select

from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_user
from tests.hours import a_debtor_awake
from wiseops.extensions import db
from wiseops.models import Activity

FORMS = (
    ("c", "Phone Call"),
    ("s", "Send SMS"),
    ("e", "Send Email"),
    ("a", "Add Activity"),
    ("p", "Add Promise to Pay"),
)
OPENED = "#quick-action"
THUMB = 44
RING = """() => {
  const at = document.activeElement;
  const ring = (one) => one && !["none", ""].includes(getComputedStyle(one).outlineStyle);
  const is_seen = at.type === "date" || Boolean(ring(at) || ring(at.closest("label")));
  const within = Boolean(at.closest("#quick-action"));
  return { within, is_seen, type: at.type || "", html: at.outerHTML.slice(0, 120) };
}"""
"""The focused element; of a date its parts have the ring, which no script can ask for."""
SMALL = """(least) => {
  const all = ".quick-actions a, #quick-action :is(a, button, select, textarea, label:has(input))";
  const low = (one) => one.checkVisibility() && one.getBoundingClientRect().height < least;
  return [...document.querySelectorAll(all)].filter(low).map((one) => one.outerHTML.slice(0, 90));
}"""


def test_each_form_opens_by_its_key_is_used_by_keyboard_and_has_no_barriers(inspector: Page, live: str):
    page = inspector
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake(owed="1250.00 DKK")
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")

    for key, name in FORMS:
        button = page.get_by_role("navigation", name="Quick actions").get_by_role("link", name=name)
        expect(button).to_have_attribute("aria-keyshortcuts", key)
        page.keyboard.press(key)
        expect(page.locator(f"{OPENED} :focus")).to_have_count(1)
        found = violations(page, within=OPENED)
        page.emulate_media(color_scheme="dark")
        found += violations(page, only="color-contrast", within=OPENED)
        page.emulate_media(color_scheme="light")
        assert found == [], name
        passed = []
        while (at := page.evaluate(RING))["within"]:
            passed.append(at)
            page.keyboard.press("Tab")
        assert "submit" in [at["type"] for at in passed], name
        assert [at["html"] for at in passed if not at["is_seen"]] == [], name
        page.keyboard.press("Escape")
        expect(page.locator(OPENED)).to_be_empty()
        expect(button).to_be_focused()


def test_letters_typed_in_a_form_open_no_other_and_are_not_lost_unasked(page: Page, live: str):
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake()
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")
    answers = iter((False, True))
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if next(answers) else dialog.dismiss()

    page.on("dialog", answer)
    page.keyboard.press("s")
    expect(page.get_by_label("Template")).to_be_focused()
    page.get_by_label("Text").press_sequentially("escape")

    page.keyboard.press("Escape")
    expect(page.get_by_label("Text")).to_have_value("escape")
    page.keyboard.press("Escape")
    expect(page.locator(OPENED)).to_be_empty()
    assert asked == ["Close without saving what you typed?"] * 2


def test_on_a_phone_a_call_is_logged_with_one_thumb_and_a_double_tap_logs_it_once(page: Page, live: str):
    page.set_viewport_size({"width": 390, "height": 844})
    a_user("collector", email="ida@example.com")
    account = a_debtor_awake()
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(f"{live}/accounts/{account}/collections")

    page.get_by_role("link", name="Phone Call").click()
    page.get_by_text("Left Message").click()
    assert page.evaluate(SMALL, THUMB) == []
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_in_viewport()
    save.dblclick()

    expect(page.locator("#history")).to_contain_text("Left Message")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 1
    page.goto(f"{live}/login")
    page.go_back()
    expect(page.locator(OPENED)).to_be_empty()
