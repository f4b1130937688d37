"""The outbox and a real worker, in their own processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from flask import Flask
from redis import Redis
from sqlalchemy import select

from tests.factories import always_open, an_account
from tests.forks import Fork
from tests.processes.conftest import wait_for
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.services import channels
from wiseops.services.transaction import transaction
from wiseops.web.clock import now

StartWorker = Callable[..., Fork]


def by_hand(account_id: int) -> str:
    """The reference of a message that a person sends, whatever the hour."""
    always_open()
    with transaction():
        row = Message(account_id=account_id, channel="email", automated=False, ref=f"by-hand-{account_id}")
        row.queued_at = row.not_before = now()
        row.to_address, row.subject, row.body = "mette@example.com", "Hi", "Dear Mette, call me."
        db.session.add(row)
        return row.ref


def status(ref: str) -> str:
    db.session.rollback()
    return db.session.scalars(select(Message.status).where(Message.ref == ref)).one()


def test_a_worker_sends_what_is_queued_by_its_own_beat(book: Flask, redis: Redis, start_worker: StartWorker):
    ref = by_hand(an_account())

    start_worker()

    wait_for(lambda: status(ref) == "sent")
    assert len(list(book.extensions["wiseops"].data_dir.glob(f"outbox/*/{ref}.eml"))) == 1


def test_the_doorbell_is_quicker_than_the_beat(book: Flask, redis: Redis, start_worker: StartWorker):
    first = by_hand(an_account())
    start_worker()
    wait_for(lambda: status(first) == "sent")
    second = by_hand(an_account())

    channels.start("email", now=now(), by_id=None)

    began = time.monotonic()
    wait_for(lambda: status(second) == "sent", seconds=4)
    assert time.monotonic() - began < 4


def test_two_workers_and_a_flushed_redis_send_each_once(book: Flask, redis: Redis, start_worker: StartWorker):
    refs = [by_hand(an_account()) for _ in range(40)]
    workers = [start_worker(), start_worker()]
    wait_for(lambda: any(status(ref) == "sent" for ref in refs))

    redis.flushall()
    os.kill(workers[0].pid, signal.SIGKILL)

    wait_for(lambda: all(status(ref) in ("sent", "sending", "claimed") for ref in refs))
    sent = {ref for ref in refs if status(ref) == "sent"}
    files = [path.stem for path in book.extensions["wiseops"].data_dir.glob("outbox/*/*.eml")]
    assert len(files) == len(set(files))
    assert sent <= set(files)
