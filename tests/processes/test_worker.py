"""The worker, as a process, with everything that can happen to it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import select, text

from tests.factories import a_debtor, always_open, running
from tests.forks import Fork
from tests.processes import marks
from tests.processes.conftest import wait_for
from wiseops.config import Config
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.processes import children, valkey

StartWorker = Callable[..., Fork]


def put(redis: Redis, job: str, *arguments: str, queue: str = "bulk") -> None:
    Queue(queue, connection=redis, serializer="json").enqueue(f"tests.processes.marks.{job}", *arguments)


def test_a_burst_drains_every_queue_by_priority_and_exits(redis: Redis, start_worker: StartWorker, tmp_path: Path):
    file = tmp_path / "marks"
    for queue in ("bulk", "pass", "send", "inbound"):
        put(redis, "leave", str(file), queue, queue=queue)

    assert start_worker("--burst").wait(60) == 0

    assert marks.read(file) == ["inbound", "send", "pass", "bulk"]


def test_a_burst_sends_what_its_own_pass_queued(book: Flask, start_worker: StartWorker):
    now = datetime.now(UTC)
    always_open()
    running(now)
    a_debtor(due=(now - timedelta(days=9)).date())

    assert start_worker("--burst").wait(60) == 0

    db.session.rollback()
    assert db.session.scalars(select(Message.status)).all() == ["sent"]


def test_a_burst_with_a_failed_job_says_so(redis: Redis, start_worker: StartWorker):
    put(redis, "no_such_job")

    assert start_worker("--burst").wait(60) == 1


def test_after_a_kill_in_mid_job_the_next_worker_goes_on(redis: Redis, start_worker: StartWorker, tmp_path: Path):
    file = tmp_path / "marks"
    put(redis, "leave_and_hang", str(file), "hung")
    first = start_worker()
    wait_for(lambda: marks.read(file) == ["hung"])

    first.send_signal(signal.SIGKILL)
    first.wait()
    put(redis, "leave", str(file), "done")
    start_worker()

    wait_for(lambda: marks.read(file) == ["hung", "done"])


def test_it_survives_a_flushed_redis_in_mid_job(redis: Redis, start_worker: StartWorker, tmp_path: Path):
    file = tmp_path / "marks"
    put(redis, "leave_for_a_while", str(file))
    worker = start_worker()
    wait_for(lambda: marks.read(file) == ["began"])

    redis.flushall()
    wait_for(lambda: marks.read(file) == ["began", "ended"])
    put(redis, "leave", str(file), "next")

    wait_for(lambda: marks.read(file)[-1] == "next")
    assert worker.poll() is None


def test_it_survives_a_redis_that_stops_and_starts_in_mid_job(
    redis: Redis, start_worker: StartWorker, tmp_path: Path, development: Config
):
    file = tmp_path / "marks"
    put(redis, "leave_for_a_while", str(file))
    worker = start_worker()
    wait_for(lambda: marks.read(file) == ["began"])

    redis.shutdown()
    wait_for(lambda: marks.read(file) == ["began", "ended"])
    again = valkey.ensure(development)
    assert again
    try:
        put(redis, "leave", str(file), "next")
        wait_for(lambda: marks.read(file)[-1] == "next")
        assert worker.poll() is None
    finally:
        worker.kill()
        children.stop([again], within=5)


def test_asked_to_leave_it_ends_its_turn_early_and_goes(redis: Redis, start_worker: StartWorker, tmp_path: Path):
    file = tmp_path / "marks"
    put(redis, "leave_until_over", str(file))
    worker = start_worker()
    wait_for(lambda: marks.read(file) == ["began"])

    worker.terminate()

    assert worker.wait(5) == 0
    assert marks.read(file) == ["began", "ended"]


def test_asked_to_leave_while_a_job_hangs_it_is_gone_in_ten_seconds(
    redis: Redis, start_worker: StartWorker, tmp_path: Path
):
    file = tmp_path / "marks"
    put(redis, "leave_and_hang", str(file), "hung")
    worker = start_worker()
    wait_for(lambda: marks.read(file) == ["hung"])
    asked = time.monotonic()

    worker.terminate()
    worker.wait(20)

    assert time.monotonic() - asked < 10


def test_it_waits_for_the_migrations(start_worker: StartWorker, redis: Redis, book: Flask, tmp_path: Path):
    head = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    _stamp("0000")
    file = tmp_path / "marks"
    put(redis, "leave", str(file), "done")
    start_worker()
    time.sleep(4)
    assert marks.read(file) == []

    _stamp(head)

    wait_for(lambda: marks.read(file) == ["done"])


def _stamp(version: str | None) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    db.session.commit()
