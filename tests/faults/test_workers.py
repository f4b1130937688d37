"""Workers that die while Redis forgets: nothing is lost."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select

from tests.factories import a_debtor
from tests.forks import Fork
from tests.processes.conftest import wait_for
from wiseops.extensions import db
from wiseops.models import EPOCH, Account
from wiseops.queries import verification
from wiseops.services import automation

pytestmark = pytest.mark.faults
StartWorker = Callable[..., Fork]
ROUNDS, ACCOUNTS, LONGEST_LIFE = 12, 400, 8.0
SEED = int(os.environ.get("FAULTS_SEED", "0")) or random.SystemRandom().randrange(10**6)


def undecided() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Account.wake_at == EPOCH)) or 0


def test_workers_killed_at_random_while_redis_forgets_decide_every_account(
    book: Flask, start_worker: StartWorker, redis: Redis
):
    dice = random.Random(SEED)
    now = datetime.now(UTC)
    ids = [a_debtor(f"{dice.randint(1, 9000)}.00 DKK", due=(now - timedelta(days=9)).date()) for _ in range(ACCOUNTS)]
    workers = [start_worker(), start_worker()]

    for _ in range(ROUNDS):
        automation.touch(dice.sample(ids, ACCOUNTS // 2))
        time.sleep(dice.random() * LONGEST_LIFE)
        victim = dice.randrange(2)
        workers[victim].kill()
        workers[victim].wait()
        if dice.random() < 0.5:
            redis.flushall()
        workers[victim] = start_worker()

    wait_for(lambda: not undecided(), 120, f"FAULTS_SEED={SEED}")
    found = verification.verify(datetime.now(UTC))
    assert (found.accounts, found.differences) == (ACCOUNTS, 0)
