"""The switch is heard by a worker in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask

from tests.factories import a_debtor, always_open, running
from tests.forks import Fork
from tests.outboxes import Watch
from tests.processes.conftest import wait_for
from wiseops.doubles.orders import Order
from wiseops.doubles.smtp import SmtpDouble
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.services import automation
from wiseops.services.transaction import transaction
from wiseops.web.clock import now

MANY = 24
BEAT = 4.5
"""Seconds, less than the beat leaves between two looks at the outbox."""


def test_a_running_worker_stops_within_a_second_and_goes_on_before_its_beat(
    book: Flask, start_worker: Callable[..., Fork]
):
    always_open()
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"
    for number in range(MANY):
        a_debtor(email=f"k{number}@example.com", now=now())
    running(now())
    automation.run(now())
    said, watch = book.test_cli_runner(), Watch()
    watch.tell(Order("delay", seconds=0.15))

    with SmtpDouble(sink=watch) as smtp:
        start_worker(
            EMAIL_BACKEND="smtp",
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=str(smtp.port),
            MAIL_DEFAULT_SENDER="ar@example.org",
        )
        wait_for(lambda: len(watch.began) > 4)
        assert said.invoke(args=["automation", "pause", "--reason", "Wrong prices"]).exit_code == 0
        paused = time.monotonic()
        while time.monotonic() < paused + 1.2:
            time.sleep(0.1)
        before = list(watch.began)
        assert said.invoke(args=["automation", "resume"]).exit_code == 0
        resumed = time.monotonic()
        wait_for(lambda: len(watch.began) > len(before))
        assert max(before) <= paused + 1
        assert len(before) < MANY
        assert watch.began[len(before)] <= resumed + BEAT
