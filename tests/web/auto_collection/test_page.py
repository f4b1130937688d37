"""The page: its tabs, its living part, its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests import customers
from tests.factories import a_message, a_plan, an_account, an_entry, running
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.services import accounts
from wiseops.web import clock

STAGES = ("outstanding", "scheduled", "engaged", "follow_up", "blocked")


@pytest.fixture
def overdue(manager: Browser) -> int:
    running(now=clock.now())
    return an_overdue()


def an_overdue(name: str = "Nordlys ApS") -> int:
    now = clock.now()
    day = now.date() - timedelta(days=2)
    account = an_account(name=name, now=now)
    an_entry(account, "100.00 DKK", on=day - timedelta(days=30), due_on=day, now=now)
    return account


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of what is inside."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_each_tab_shows_its_accounts_with_the_reason(manager: Browser, overdue: int):
    page = manager.get("/auto-collection?stage=scheduled").text
    assert "Nordlys ApS" in page
    assert "Step 1 comes 3 days after" in page
    assert "100.00" in page
    for stage in STAGES:
        found = manager.get(f"/auto-collection?stage={stage}")
        assert found.status_code == 200
        assert ("Nordlys ApS" in found.text) == (stage == "scheduled")


def test_a_tab_that_is_none_is_the_first(manager: Browser):
    assert 'aria-current="page">Outstanding' in manager.get("/auto-collection?stage=nonsense").text


def test_htmx_gets_the_part_and_a_browser_the_page(manager: Browser, overdue: int):
    assert "<html" in manager.get("/auto-collection").text
    assert manager.fragment("/auto-collection").text.startswith('<div id="auto-collection"')


def test_the_living_part_answers_nothing_until_something_changed(manager: Browser, overdue: int):
    page = manager.get("/auto-collection?stage=scheduled").text
    live = page.split('data-poll hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert manager.fragment(live).status_code == 204

    an_overdue("Havblik A/S")

    changed = manager.fragment(live)
    assert (changed.status_code, changed.headers["HX-Trigger"]) == (200, "list-changed")
    assert '<div id="live"' in changed.text


def test_a_change_elsewhere_leaves_the_list_alone(manager: Browser, overdue: int):
    page = manager.get("/auto-collection?stage=blocked").text
    live = page.split('data-poll hx-get="')[1].split('"')[0].replace("&amp;", "&")
    an_overdue("Havblik A/S")
    changed = manager.fragment(live)
    assert (changed.status_code, "HX-Trigger" in changed.headers) == (200, False)


def test_the_figures_are_of_the_period_asked_for(manager: Browser, overdue: int):
    a_message(overdue, at=clock.now())
    today = clock.today()
    assert '<p class="figure-value">1</p>' in manager.get("/auto-collection").text.split("Messages (Auto")[1]
    early = f"/auto-collection?from=2020-01-01&to={today - timedelta(days=5)}"
    assert '<p class="figure-value">0</p>' in manager.get(early).text.split("Messages (Auto")[1]


def test_what_makes_no_sense_in_the_address_is_ignored(manager: Browser, overdue: int):
    odd = "/auto-collection?stage=scheduled&from=yesterday&sort=;drop&owner=x&page=0&country=ABCDEF"
    assert manager.get(odd).status_code == 200


def test_the_file_has_every_account_and_runs_no_formula(manager: Browser, overdue: int):
    an_overdue("=cmd|' /C calc'!A0")
    file = manager.get("/auto-collection/export.csv?stage=scheduled", buffered=True)
    lines = list(csv.DictReader(io.StringIO(file.text.lstrip("\ufeff"))))
    assert {line["name"] for line in lines} == {"Nordlys ApS", "'=cmd|' /C calc'!A0"}
    assert lines[0]["balance"] == "100.00"
    assert "Step 1 of 4" in {line["step"] for line in lines}


def test_the_number_of_queries_does_not_grow_with_the_rows(manager: Browser):
    running(now=clock.now())
    an_overdue()
    manager.get("/auto-collection?stage=scheduled")
    with counted() as few:
        manager.get("/auto-collection?stage=scheduled")
    for number in range(12):
        an_overdue(f"Kunde {number}")
    with counted() as many:
        manager.get("/auto-collection?stage=scheduled")
    assert len(many) == len(few)


def test_names_and_reasons_cannot_bring_markup(manager: Browser, overdue: int):
    account = an_overdue("<script>alert(1)</script>")
    accounts.block(account, reason="<b>loud</b>", review_on=None, now=clock.now(), by_id=None)
    page = manager.get("/auto-collection?stage=blocked").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;loud" in page


def test_a_plan_named_oddly_is_told_as_text(manager: Browser, overdue: int):
    a_plan("100 %(off)s")
    far = an_account(name="Later", now=clock.now())
    an_entry(far, "5.00 DKK", due_on=clock.today() + timedelta(days=9), now=clock.now())
    assert manager.get("/auto-collection?stage=outstanding").status_code == 200


def test_a_book_of_many_stages_shows_on_every_tab(manager: Browser):
    customers.fill(25)
    for stage in STAGES:
        assert manager.get(f"/auto-collection?stage={stage}").status_code == 200
    assert manager.get("/auto-collection/weeks").status_code == 200


def test_nobody_looks_without_signing_in(client: Browser):
    assert client.get("/auto-collection").status_code == 303
    assert client.get("/auto-collection/export.csv").status_code == 303
