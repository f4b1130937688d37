"""The doorbell: rings after the commit, forgets with the rollback, and never matters."""

from __future__ import annotations

import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from wiseops.extensions import doorbell
from wiseops.queue import ring
from wiseops.services.transaction import transaction


def waiting(redis: Redis, queue: str = "bulk") -> list[tuple[str, tuple[object, ...]]]:
    return [(job.func_name, tuple(job.args)) for job in Queue(queue, connection=redis, serializer="json").jobs]


def ring_and_fail() -> None:
    with transaction():
        ring("imports.run", 7)
        raise ValueError("no")


def test_it_rings_when_the_transaction_commits_not_before(app: Flask, redis: Redis):
    app.extensions["redis"] = redis

    with transaction():
        ring("imports.run", 7)
        assert waiting(redis) == []

    assert waiting(redis) == [("wiseops.jobs.imports.run", (7,))]


def test_a_rollback_forgets_the_ring(app: Flask, redis: Redis):
    app.extensions["redis"] = redis

    with pytest.raises(ValueError, match="no"):
        ring_and_fail()
    with transaction():
        pass

    assert waiting(redis) == []


def test_the_same_ring_twice_in_one_transaction_is_one(app: Flask, redis: Redis):
    app.extensions["redis"] = redis

    with transaction():
        ring("passes.run", queue="pass")
        ring("passes.run", queue="pass")

    assert len(waiting(redis, "pass")) == 1


def test_without_redis_the_work_is_done_all_the_same(app: Flask):
    app.extensions["redis"] = doorbell("unix:///nowhere.sock")

    with transaction():
        ring("imports.run", 7)
