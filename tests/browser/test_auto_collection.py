"""The Auto Collection page in a real browser: it lives, it narrows, it acts, and axe finds nothing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests import customers
from tests.browser.live import sign_in, violations
from tests.factories import PASSWORD, a_user, an_account, an_entry, running
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.services import holds
from wiseops.web.clock import now, today

PAGES = (
    "/auto-collection?stage=scheduled",
    "/auto-collection?stage=blocked&q=nobody",
    "/auto-collection/pause",
    "/auto-collection/resume",
    "/auto-collection/weeks",
    "/auto-collection/accounts/1",
    "/auto-collection/acts/block?stage=scheduled&id=1",
)


def an_overdue(name: str, owed: str = "100.00 DKK") -> int:
    account = an_account(name=name, now=now())
    due = today() - timedelta(days=2)
    an_entry(account, owed, on=due - timedelta(days=30), due_on=due, now=now())
    db.session.rollback()
    return account


@pytest.fixture
def tab(live: str, page: Page) -> Page:
    """The Scheduled tab of three accounts, a manager before it."""
    a_user("manager", email="ida@example.com", name="Ida Holm")
    running(now=now())
    for name in ("Nordlys ApS", "Havblik A/S", "Bakke I/S"):
        an_overdue(name)
    sign_in(page, live, "ida@example.com", PASSWORD)
    page.goto(live + "/auto-collection?stage=scheduled")
    return page


def rows(page: Page):
    return page.locator("[data-list] tbody tr")


def test_the_page_lives_by_itself(tab: Page):
    expect(rows(tab)).to_have_count(3)

    an_overdue("Skov ApS")

    expect(tab.get_by_role("link", name="Scheduled 4")).to_be_visible(timeout=12_000)
    expect(rows(tab)).to_have_count(4)


def test_the_list_waits_while_rows_are_ticked(tab: Page):
    tab.get_by_label("Select Nordlys ApS").check()

    an_overdue("Skov ApS")

    expect(tab.get_by_text("4", exact=True).first).to_be_visible(timeout=12_000)
    expect(rows(tab)).to_have_count(3)
    expect(tab.get_by_label("Select Nordlys ApS")).to_be_checked()
    tab.get_by_role("button", name="None").click()
    tab.get_by_role("button", name="Show it anew").click()
    expect(rows(tab)).to_have_count(4)


def test_typing_narrows_and_the_address_can_be_shared(tab: Page, live: str):
    tab.get_by_label("Search by Name or Identifier").press_sequentially("havb", delay=30)
    expect(rows(tab)).to_have_count(1)
    expect(tab).to_have_url(f"{live}/auto-collection?stage=scheduled&q=havb&owner=")
    expect(tab.get_by_label("Search by Name or Identifier")).to_be_focused()

    tab.reload()
    expect(rows(tab)).to_have_count(1)
    tab.get_by_role("link", name="Blocked").click()
    expect(tab.get_by_text("No account matches")).to_be_visible()
    tab.go_back()
    expect(rows(tab)).to_have_count(1)


def test_ticked_accounts_are_blocked_after_count_and_sum(tab: Page):
    tab.get_by_label("Select Nordlys ApS").check()
    tab.get_by_label("Select Bakke I/S").check()
    expect(tab.get_by_text("2 selected")).to_be_visible()
    tab.get_by_role("button", name="Block").click()
    panel = tab.locator("#act")
    expect(panel).to_contain_text("2 accounts: Bakke I/S, Nordlys ApS")
    expect(panel).to_contain_text("200.00")
    expect(panel.get_by_label("Reason")).to_be_focused()

    panel.get_by_role("button", name="Block").click()
    panel.get_by_label("Reason").fill("In court")
    panel.get_by_role("button", name="Block").click()

    expect(tab.get_by_role("status").filter(has_text="2 accounts blocked.")).to_be_visible()
    expect(rows(tab)).to_have_count(1)
    expect(tab.get_by_role("link", name="Blocked 2")).to_be_visible()


def test_all_on_the_page_by_one_tick_and_by_key(tab: Page):
    tab.get_by_label("Select all on this page").check()
    expect(tab.get_by_text("3 selected")).to_be_visible()
    tab.get_by_label("Select all on this page").uncheck()
    expect(tab.locator("[data-bulk]")).to_be_hidden()

    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    expect(tab.get_by_text("1 selected")).to_be_visible()


def test_one_account_is_held_from_its_row(tab: Page):
    tab.get_by_role("link", name="Act on Nordlys ApS").click()
    panel = tab.locator("#act")
    expect(panel).to_contain_text("Step 1 comes 3 days after")
    panel.get_by_role("link", name="Hold", exact=True).click()
    panel.get_by_label("Until", exact=True).fill((today() + timedelta(days=9)).isoformat())
    panel.get_by_role("button", name="Hold").click()
    expect(rows(tab).filter(has_text="Nordlys ApS")).to_contain_text("Held →")


def test_a_pause_is_seen_by_everyone_and_resume_asks_first(tab: Page):
    tab.get_by_role("link", name="Pause Automation").click()
    tab.get_by_label("Reason").fill("Wrong prices in the last import")
    tab.locator("#act").get_by_role("button", name="Pause Automation").click()
    expect(tab.get_by_text("Automation is paused", exact=True)).to_be_visible()
    expect(tab.get_by_text("Wrong prices in the last import")).to_be_visible()

    tab.get_by_role("link", name="Resume Automation").click()
    expect(tab.locator("#act")).to_contain_text("within 24 hours")
    tab.locator("#act").get_by_role("button", name="Resume Automation").click()
    expect(tab.get_by_text("Automation is running", exact=True)).to_be_visible()


def test_escape_closes_the_panel(tab: Page):
    tab.get_by_role("link", name="Act on Nordlys ApS").click()
    expect(tab.locator("#act [data-panel]")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#act [data-panel]")).to_have_count(0)


def test_nothing_asks_while_the_page_is_hidden(tab: Page):
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url) if "/live" in request.url else None)
    tab.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    tab.wait_for_timeout(5000)
    assert asked == []
    tab.evaluate("Object.defineProperty(document, 'hidden', {get: () => false, configurable: true})")
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.wait_for_timeout(1500)
    assert len(asked) >= 1


def test_axe_finds_nothing(inspector: Page, live: str):
    a_user("admin", email="ida@example.com", name="Ida Holm")
    customers.fill(14)
    held = db.session.query(Account.id).filter(Account.stage == "scheduled").first()
    assert held
    holds.hold(held[0], until=today() + timedelta(days=3), reason="", now=now(), by_id=None)
    sign_in(inspector, live, "ida@example.com", PASSWORD)
    for path in PAGES:
        inspector.goto(live + path)
        inspector.wait_for_timeout(400)
        assert in_both_themes(inspector) == [], path
    inspector.goto(live + "/auto-collection?stage=scheduled")
    inspector.locator("tbody input").first.check()
    assert in_both_themes(inspector) == []


def in_both_themes(page: Page) -> list[str]:
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    found += violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    return found


def test_nothing_sticks_out_at_any_width(page: Page, live: str):
    a_user("admin", email="ida@example.com", name="Ida Holm")
    customers.fill(12)
    sign_in(page, live, "ida@example.com", PASSWORD)
    for width, stage in product((390, 1440), ("outstanding", "scheduled", "engaged", "follow_up", "blocked")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live}/auto-collection?stage={stage}")
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        table = page.locator("[data-list] .table-wrap")
        if table.count():
            assert table.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
