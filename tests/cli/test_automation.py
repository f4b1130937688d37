"""flask automation: run, status, pause, resume, verify."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask

from tests.factories import NOW, a_message, an_account, an_entry, running
from wiseops.queries import automation as queries
from wiseops.services import contacts, holds

DUE = date(2026, 2, 20)


def flask(app: Flask, *args: str) -> Any:
    result = app.test_cli_runner().invoke(args=["automation", *args])
    assert result.exit_code == 0, result.output
    return json.loads(result.output) if "--json" in args else result.output


def an_overdue_account() -> int:
    account = an_account()
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    return account


def test_status_is_true_right_after_a_posting(app: Flask):
    running()
    an_overdue_account()
    an_entry(an_account(), "7.00 EUR", due_on=date(2026, 4, 1))
    assert flask(app, "status", "--json") == {
        "paused": False,
        "mode": "trial",
        "stages": {"blocked": 0, "clear": 0, "follow_up": 0, "engaged": 0, "scheduled": 1, "outstanding": 1},
        "outstanding": [{"currency": "DKK", "amount": "100.00"}, {"currency": "EUR", "amount": "7.00"}],
        "collected": [],
        "engaged": 0,
        "messages": 0,
    }


def test_status_counts_messages_and_engaged_accounts(app: Flask):
    running()
    account = an_account()
    a_message(account, an_entry(account, "100.00 DKK", on=DUE, due_on=DUE))
    answer = flask(app, "status", "--json")
    assert (answer["engaged"], answer["messages"], answer["outstanding"]) == (1, 1, [])


def test_a_run_looks_only_at_what_is_due_and_says_what_is_held(app: Flask):
    running()
    holds.hold(an_overdue_account(), until=date(2026, 4, 1), reason="", now=NOW, by_id=None)
    answer = flask(app, "run", "--at", "2026-03-03T12:00", "--json")
    assert answer["at"] == "2026-03-03T11:00:00+00:00"
    assert answer["evaluated"] == 0
    assert answer["held"] == {"hold": 1}
    assert answer["stages"]["scheduled"] == 1


def test_a_run_queues_what_is_due_and_while_paused_nothing(app: Flask):
    account = an_overdue_account()
    contacts.put_default(account, email="kunde@example.com", phone="", now=NOW)
    assert flask(app, "run", "--at", "2026-03-03T12:00", "--json")["queued"] == 0
    assert queries.held() == {"paused": 1}
    flask(app, "resume")
    assert flask(app, "run", "--at", "2026-03-03T12:00", "--json")["queued"] == 1
    assert flask(app, "run", "--at", "2026-03-03T12:00", "--json") == {
        "at": "2026-03-03T11:00:00+00:00",
        "evaluated": 0,
        "queued": 0,
        "held": {},
        "stages": {"blocked": 0, "clear": 0, "follow_up": 0, "engaged": 0, "scheduled": 1, "outstanding": 0},
    }


def test_a_pause_has_a_reason_and_may_have_an_end(app: Flask):
    running()
    flask(app, "pause", "--reason", "Wrong prices", "--until", "2099-01-01T08:00")
    switch = queries.switch()
    assert (switch.paused, switch.pause_reason, switch.pause_until.isoformat()) == (
        True,
        "Wrong prices",
        "2099-01-01T07:00:00+00:00",
    )
    assert flask(app, "status", "--json")["paused"] is True


def test_a_pause_into_the_past_is_refused(app: Flask):
    result = app.test_cli_runner().invoke(args=["automation", "pause", "--reason", "x", "--until", "2001-01-01"])
    assert result.exit_code != 0
    assert "future" in result.output


def test_verify_finds_no_differences_on_a_decided_book(app: Flask):
    running()
    an_overdue_account()
    assert flask(app, "verify", "--json") == {"accounts": 1, "differences": 0}


def test_another_clock_is_refused_in_production(app: Flask):
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], env="production")
    result = app.test_cli_runner().invoke(args=["automation", "run", "--at", "2026-03-03T12:00"])
    assert result.exit_code == 2
