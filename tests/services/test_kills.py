"""A worker killed at any point of sending: nothing is lost, nothing leaves twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import forks
from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, senders, the_message
from tests.processes.conftest import wait_for
from wiseops.extensions import db
from wiseops.services import automation, messages

LATER = NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("point", "status", "left", "sent_after"),
    [("before_look", "claimed", 0, 1), ("in_call", "sending", 0, 0), ("after_call", "sending", 1, 0)],
)
def test_a_killed_worker(
    app: Flask, database_url: str, tmp_path: Path, point: str, status: str, left: int, sent_after: int
):
    running()
    account = a_debtor()
    db.session.rollback()
    process = forks.start("-m", "tests.services.outbox_process", str(tmp_path), database_url, point)
    wait_for((tmp_path / "hung").exists)

    process.kill()
    process.wait()

    assert the_message(account).status == status
    file = tmp_path / "left"
    assert len(file.read_text().splitlines() if file.exists() else []) == left
    outbox = Recorder()
    messages.sweep(LATER)
    automation.run(LATER)
    messages.send_due(LATER, senders=senders(outbox))
    assert len(outbox.sent) == sent_after
    assert the_message(account).status == ("sent" if sent_after else "unknown")
