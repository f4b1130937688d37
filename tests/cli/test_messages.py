"""flask messages: send, and receive."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from tests.arrivals import written
from tests.factories import NOW, a_debtor, running
from tests.outboxes import the_message
from wiseops.extensions import db
from wiseops.formats.arrivals import mail
from wiseops.queries import replies
from wiseops.services.transaction import transaction


def test_it_drains_what_is_due_and_counts(app: Flask):
    running()
    account = a_debtor()

    answer = app.test_cli_runner().invoke(args=["messages", "send", "--at", "2026-03-02T10:00", "--json"])

    assert json.loads(answer.output) == {"at": NOW.isoformat(), "sent": 1, "cancelled": 0, "failed": 0, "unknown": 0}
    message = the_message(account)
    assert (message.status, message.backend, message.sent_at) == ("sent", "file", NOW)
    assert len(list(app.extensions["wiseops"].data_dir.glob(f"outbox/2026-03-02/{message.ref}.eml"))) == 1


def test_another_clock_is_refused_in_production(app: Flask):
    app.extensions["wiseops"] = replace(app.extensions["wiseops"], env="production")

    answer = app.test_cli_runner().invoke(args=["messages", "send", "--at", "2026-03-02T10:00"])

    assert answer.exit_code == 2
    assert "refused in production" in answer.output


def test_a_mail_servers_pipe_hands_a_mail_over(app: Flask):
    account = a_debtor(email="mette@example.com")
    receive = ["messages", "receive"]

    answers = [app.test_cli_runner().invoke(args=receive, input=written("On Friday")) for _again in range(2)]

    assert [answer.exit_code for answer in answers] == [0, 0]
    assert [reply.body for reply in replies.of_account(account)] == ["On Friday"]


def test_a_mail_that_cannot_be_kept_is_for_later_and_one_too_large_never(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "LARGEST", 1000)

    large = app.test_cli_runner().invoke(args=["messages", "receive"], input=written("x" * 1000))
    with transaction():
        db.session.execute(text("ALTER TABLE webhooks RENAME TO elsewhere"))
    away = app.test_cli_runner().invoke(args=["messages", "receive"], input=written("On Friday"))
    with transaction():
        db.session.execute(text("ALTER TABLE elsewhere RENAME TO webhooks"))

    assert (large.exit_code, large.output[:5]) == (65, "5.3.4")
    assert (away.exit_code, away.output[:5]) == (75, "4.3.0")
