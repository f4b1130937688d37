"""The pass, as a worker runs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from redis import Redis
from rq import Queue

from wiseops.extensions import db
from wiseops.jobs import passes, turns
from wiseops.models import Account, Automation
from wiseops.services import pauses
from wiseops.services.transaction import transaction


def an_account() -> None:
    with transaction():
        db.session.add(Account(number="1001", name="Hansen", created_at=datetime.now(UTC)))


def waiting(redis: Redis) -> list[str]:
    return [job.func_name for job in Queue("pass", connection=redis, serializer="json").jobs]


def test_it_decides_what_is_due(app: Flask):
    an_account()

    passes.run()

    assert db.session.scalars(db.select(Account.decided_at)).one() is not None


def test_a_pause_ends_when_its_time_is_over(app: Flask):
    then = datetime.now(UTC) - timedelta(hours=2)
    pauses.begin(reason="stocktaking", now=then, until=then + timedelta(hours=1))

    passes.run()

    assert db.session.scalars(db.select(Automation.paused)).one() is False


def test_what_a_turn_left_over_is_rung_for_again(app: Flask, redis: Redis, monkeypatch):
    app.extensions["redis"] = redis
    an_account()
    monkeypatch.setattr(turns, "LONGEST", -1.0)

    passes.run()

    assert waiting(redis) == ["wiseops.jobs.passes.run"]


def test_a_finished_pass_rings_nothing(app: Flask, redis: Redis):
    app.extensions["redis"] = redis
    an_account()

    passes.run()

    assert waiting(redis) == []
