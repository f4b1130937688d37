"""Pause and resume from the page: who may, what is asked, what is shown."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import a_contact, an_account, an_entry, running
from tests.web.conftest import Browser
from wiseops.queries import automation
from wiseops.web import clock


def test_only_managers_turn_the_switch(collector: Browser):
    assert "Pause Automation" not in collector.get("/auto-collection").text
    assert "Resume Automation" not in collector.get("/auto-collection").text
    for path in ("/auto-collection/pause", "/auto-collection/resume"):
        assert collector.get(path).status_code == 403
        assert collector.post(path, data={"reason": "x"}).status_code == 403
    assert automation.switch().paused


def test_a_pause_asks_for_a_reason(manager: Browser):
    running()
    assert manager.post("/auto-collection/pause", data={"reason": " "}).status_code == 422
    assert not automation.switch().paused


def test_a_pause_may_have_an_end_and_everyone_sees_who_and_why(manager: Browser):
    running()
    answer = manager.post("/auto-collection/pause", data={"reason": "Wrong prices", "until": "2099-01-01T08:00"})
    assert answer.status_code == 303
    assert automation.switch().pause_until.isoformat() == "2099-01-01T07:00:00+00:00"
    page = manager.get("/auto-collection").text
    assert "Automation is paused" in page
    assert "Wrong prices" in page
    assert "by Kim Lund" in page
    assert "Resume Automation" in page


def test_a_pause_cannot_end_in_the_past(manager: Browser):
    running()
    answer = manager.post("/auto-collection/pause", data={"reason": "x", "until": "2001-01-01T08:00"})
    assert answer.status_code == 422
    assert "future" in answer.text


def test_resuming_first_says_how_many_would_go(manager: Browser):
    now = clock.now()
    day = now.date() - timedelta(days=40)
    for _ in range(3):
        account = an_account(timezone="UTC", now=now)
        a_contact(account, email="k@example.com", now=now)
        an_entry(account, "100.00 DKK", on=day, due_on=day, now=now)
    soon = manager.get("/auto-collection/resume").text
    assert "Everything is decided anew" in soon
    assert automation.switch().paused

    assert manager.post("/auto-collection/resume").status_code == 303
    assert not automation.switch().paused
    assert "Automation is running" in manager.get("/auto-collection").text
