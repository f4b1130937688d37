"""The beat: a thread that rings what the schedule says and touches nothing but its own Redis connection."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError

from wiseops.jobs.schedule import TICKS, Tick

_log = structlog.get_logger(__name__)


class Beat(threading.Thread):
    """Rings once a slot however many workers beat: the slot is in the job's id. Goes on after any outage."""

    def __init__(self, connection: Redis, *, ticks: Sequence[Tick] = TICKS, every: float = 1.0) -> None:
        super().__init__(name="beat", daemon=True)
        self._connection = connection
        self._ticks = ticks
        self._every = every
        self._ended = threading.Event()
        self._is_cut_off = False

    def run(self) -> None:
        while not self._ended.wait(self._every):
            try:
                ring(self._connection, self._ticks)
                self._tell(is_cut_off=False)
            except RedisError:
                self._tell(is_cut_off=True)

    def end(self) -> None:
        self._ended.set()

    def _tell(self, *, is_cut_off: bool) -> None:
        if is_cut_off != self._is_cut_off:
            self._is_cut_off = is_cut_off
            _log.warning("beat_cut_off" if is_cut_off else "beat_back")


def ring(connection: Redis, ticks: Sequence[Tick] = TICKS) -> None:
    """Enqueues each tick of the running slot, unless somebody did. Redis' own clock names the slot for everyone."""
    seconds, _microseconds = connection.time()
    for tick in ticks:
        slot = int(seconds) // tick.seconds
        # The id must outlive its slot; a tick nobody took for two slots is stale and vanishes.
        kept = 3 * tick.seconds
        try:
            Queue(tick.queue, connection=connection, serializer="json").enqueue(
                f"wiseops.jobs.{tick.job}",
                job_id=f"tick-{tick.job.replace('.', '-')}-{slot}",
                unique=True,
                ttl=kept,
                result_ttl=kept,
                failure_ttl=kept,
                job_timeout=120,
            )
        except DuplicateJobError:
            continue
