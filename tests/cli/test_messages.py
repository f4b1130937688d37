"""flask messages send."""

import json
from dataclasses import replace

from flask import Flask

from tests.factories import NOW, a_debtor, running
from tests.outboxes import the_message


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
