"""The main journey, with a real browser, a real worker and a real Valkey between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from redis import Redis
from sqlalchemy import func, select

from tests import forks
from tests.browser.live import sign_in
from tests.factories import PASSWORD, a_user, always_open
from tests.processes.conftest import wait_for
from wiseops.extensions import db
from wiseops.models import Account, Import, Message
from wiseops.processes import children


@pytest.fixture
def live(app: Flask, redis: Redis, live: str, tmp_path: Path) -> Iterator[str]:
    """The running app, and a worker on the same database and the same Valkey. No day is closed to anybody."""
    always_open()
    app.extensions["redis"] = redis
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    environ = {"WISEOPS_DATA_DIR": str(tmp_path), "DATABASE_URL": url, "REDIS_URL": "", "WISEOPS_ENV": ""}
    worker = forks.start("worker.py", **environ)
    yield live
    children.stop([worker], within=10)


def where_it_is_noon() -> str:
    """A time zone in which it is about noon now, so that a contact window is open whenever this test runs."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def a_file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def upload(page: Page, live: str, noun: str, path: Path) -> None:
    page.goto(live + "/settings/imports")
    page.get_by_role("radio", name=noun).check()
    page.get_by_label("CSV file").set_input_files(path)
    page.get_by_role("button", name="Upload and look").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 1 rows").click()
    wait_for(lambda: is_imported(path.name), why=f"for {path.name} to be imported")


def is_imported(filename: str) -> bool:
    db.session.rollback()
    done = select(Import.id).where(Import.filename == filename, Import.status == "done")
    return db.session.scalar(done) is not None


def switch(page: Page, live: str, to: str) -> None:
    """Presses the button that nobody can miss, and confirms."""
    page.goto(live + "/auto-collection")
    page.get_by_role("link", name=to).click()
    if to == "Pause Automation":
        page.get_by_label("Reason").fill("a look at the texts")
    page.get_by_role("button", name=to).click()
    expect(page.get_by_text("Automation is " + ("paused" if "Pause" in to else "running")).first).to_be_visible()


def stage_of(number: str) -> Callable[[], str]:
    def read() -> str:
        db.session.rollback()
        return db.session.scalars(select(Account.stage).where(Account.number == number)).one()

    return read


def messages(number: str, status: str) -> int:
    db.session.rollback()
    of = (Account.id == Message.account_id, Account.number == number, Message.status == status)
    return db.session.scalar(select(func.count()).select_from(Message).join(Account, of[0]).where(*of[1:])) or 0


def test_from_signing_in_to_a_cleared_account(page: Page, live: str, tmp_path: Path):
    a_user("admin", email="ida@example.com", name="Ida Holm")
    sign_in(page, live, "ida@example.com", PASSWORD)

    zone, today = where_it_is_noon(), datetime.now(UTC).date()
    late, issued = today - timedelta(days=10), today - timedelta(days=40)
    head = "number,name,email,country,timezone"
    entry_head = "account,kind,number,issued_on,due_on,currency,amount"
    upload(page, live, "Accounts", a_file(tmp_path, "a.csv", head, f"K1,Nordlys ApS,bo@example.com,AQ,{zone}"))
    upload(page, live, "Entries", a_file(tmp_path, "e.csv", entry_head, f"K1,invoice,F-1,{issued},{late},DKK,1250.00"))

    page.goto(live + "/settings/plans")
    page.get_by_role("link", name="Standard").click()
    first = page.locator("#steps li").first
    first.get_by_label("Time").fill("08:00")
    for day in ("Sat", "Sun"):
        first.get_by_label(day).check()
    page.get_by_role("button", name="Save plan").click()

    page.goto(live + "/auto-collection?stage=scheduled")
    expect(page.get_by_role("link", name="Nordlys ApS", exact=True)).to_be_visible(timeout=30_000)
    assert messages("K1", "sent") == 0

    switch(page, live, "Resume Automation")
    wait_for(lambda: messages("K1", "sent") == 1, why="for the reminder to leave")
    page.goto(live + "/auto-collection?stage=engaged")
    expect(page.get_by_role("link", name="Nordlys ApS", exact=True)).to_be_visible(timeout=30_000)
    [letter] = tmp_path.glob("outbox/**/*.eml")
    assert "F-1" in letter.read_text()

    switch(page, live, "Pause Automation")
    upload(page, live, "Accounts", a_file(tmp_path, "b.csv", head, f"K2,Fjord AS,eva@example.com,AQ,{zone}"))
    upload(page, live, "Entries", a_file(tmp_path, "f.csv", entry_head, f"K2,invoice,F-2,{issued},{late},DKK,99.00"))
    wait_for(lambda: stage_of("K2")() == "scheduled", why="for the second customer to be scheduled")
    page.wait_for_timeout(5_000)
    assert messages("K2", "sent") == 0

    page.goto(live + "/auto-collection?stage=engaged")
    page.get_by_role("link", name="Nordlys ApS", exact=True).click()
    page.get_by_role("link", name="Ledger").click()
    page.get_by_role("link", name="Payment", exact=True).click()
    page.get_by_label("Amount").fill("1250.00")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("Payment recorded")
    wait_for(lambda: stage_of("K1")() == "clear", why="for the paid account to clear")
    page.goto(live + "/auto-collection?stage=engaged")
    expect(page.get_by_role("link", name="Nordlys ApS", exact=True)).not_to_be_visible()
