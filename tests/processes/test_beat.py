"""The beat rings once a slot and outlives every outage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from rq import Queue

from tests.processes.conftest import wait_for
from wiseops.config import Config
from wiseops.jobs.schedule import Tick
from wiseops.processes import beat, children, valkey
from wiseops.processes.beat import Beat

SECONDLY = (Tick("passes.run", "pass", 1),)
YEARLY = (Tick("passes.run", "pass", 31_536_000), Tick("messages.send", "send", 31_536_000))


@pytest.fixture
def running(redis: Redis, development: Config) -> Iterator[Beat]:
    thread = Beat(Redis(unix_socket_path=str(development.valkey_socket)), ticks=SECONDLY, every=0.05)
    thread.start()
    yield thread
    thread.end()
    thread.join()


def waiting(redis: Redis, queue: str = "pass") -> int:
    return Queue(queue, connection=redis, serializer="json").count


def test_two_beats_make_one_tick_of_each_kind(redis: Redis):
    beat.ring(redis, YEARLY)
    beat.ring(redis, YEARLY)

    assert waiting(redis, "pass") == 1
    assert waiting(redis, "send") == 1


def test_the_next_slot_rings_again(redis: Redis, running: Beat):
    wait_for(lambda: waiting(redis) >= 2)


def test_it_goes_on_after_redis_lost_everything(redis: Redis, running: Beat):
    wait_for(lambda: waiting(redis) >= 1)

    redis.flushall()

    wait_for(lambda: waiting(redis) >= 1)


def test_it_goes_on_after_redis_was_stopped_and_started(redis: Redis, running: Beat, development: Config):
    wait_for(lambda: waiting(redis) >= 1)
    redis.flushall()
    redis.shutdown()
    wait_for(lambda: not valkey.answers(development.valkey_socket))

    again = valkey.ensure(development)
    assert again
    try:
        wait_for(lambda: waiting(redis) >= 1)
    finally:
        running.end()
        running.join()
        children.stop([again], within=5)
