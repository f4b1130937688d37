"""The worker: one preloaded process that takes batches from Redis and never trusts it with more than a ring."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from types import FrameType

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.worker import WorkerStatus

from wiseops import logs
from wiseops.adapters import senders
from wiseops.app import create_app
from wiseops.config import Config, Misconfigured
from wiseops.extensions import db
from wiseops.jobs import turns
from wiseops.jobs.schedule import TICKS
from wiseops.processes import release, valkey
from wiseops.processes.beat import Beat
from wiseops.queue import QUEUES

JOBS_BEFORE_RECYCLING = 5000
LEAVES_WITHIN = 9.0
NICENESS = 5
"""On a machine of both, a person who waits for a page goes before the worker."""

WORTH_A_LINE = 1.0
_log = structlog.get_logger(__name__)


class AppWorker(SimpleWorker):
    """Runs each job inside the app. SIGTERM: no new chunk, and gone within ten seconds whatever hangs."""

    app: Flask
    max_connection_wait_time = 2.0
    is_leaving = False
    done = 0
    failed = 0

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        started = time.monotonic()
        with self.app.app_context():
            try:
                is_done: bool = super().perform_job(job, queue, execution)
            finally:
                db.session.remove()
        self.done += 1
        self.failed += not is_done
        seconds = round(time.monotonic() - started, 3)
        if not is_done or seconds >= WORTH_A_LINE:
            _log.info("job_done" if is_done else "job_failed", job=job.func_name, seconds=seconds)
        return is_done

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        if not self.is_leaving:
            AppWorker.is_leaving = self._stop_requested = True
            turns.leave()
            threading.Thread(target=self._cut, daemon=True).start()
        if self._state != WorkerStatus.BUSY:
            raise StopRequested()

    def _cut(self) -> None:
        time.sleep(LEAVES_WITHIN)
        with self.app.app_context():
            turns.say_last_words()
        _log.warning("worker_cut_off_its_job")
        os._exit(1)


def main(argv: Sequence[str] | None = None) -> int:
    """`python worker.py [--burst]`."""
    parser = argparse.ArgumentParser(description="Works on what is due.")
    parser.add_argument("--burst", action="store_true", help="ring every tick once, work until nothing waits, exit")
    burst = parser.parse_args(argv).burst
    logs.configure()
    os.nice(max(0, NICENESS - os.nice(0)))
    try:
        app = create_app()
        config: Config = app.extensions["wiseops"]
        AppWorker.app = app
        senders.warm(app.extensions["senders"])
        release.wait_for_head(app)
        release.check_live_mode(app)
        server = valkey.ensure(config)
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    assert config.doorbell_url
    if burst:
        return _drain(config.doorbell_url)
    _work(config.doorbell_url)
    if not AppWorker.is_leaving:
        _log.info("worker_recycled")
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
    if server:
        server.terminate()
    return 0


def _drain(url: str) -> int:
    """One of each tick, whatever the slot, then all that waits."""
    connection = Redis.from_url(url)
    for tick in TICKS:
        Queue(tick.queue, connection=connection, serializer="json").enqueue(
            f"wiseops.jobs.{tick.job}", result_ttl=0, job_timeout=120
        )
    worker = _a_worker(connection)
    worker.work(burst=True, logging_level="WARNING")
    return 1 if worker.failed else 0


def _work(url: str) -> None:
    """Works until asked to leave or worn out; begins anew after whatever Redis does to it."""
    beat = Beat(Redis.from_url(url, socket_timeout=5))
    beat.start()
    jobs_left = JOBS_BEFORE_RECYCLING
    while not AppWorker.is_leaving and jobs_left > 0:
        try:
            worker = _a_worker(Redis.from_url(url))
            worker.work(max_jobs=jobs_left, logging_level="WARNING")
            jobs_left -= worker.done
        except RedisError as error:
            _log.warning("worker_lost_redis", error=type(error).__name__)
            time.sleep(1)
    beat.end()


def _a_worker(connection: Redis) -> AppWorker:
    return AppWorker(
        QUEUES,
        name=f"{socket.gethostname()[:16]}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
        connection=connection,
        serializer="json",
        worker_ttl=30,
        maintenance_interval=60,
        log_job_description=False,
    )
