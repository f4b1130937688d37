"""The doorbell: after the commit, tell a worker which work waits. The rows are the truth; a lost ring only delays."""

from __future__ import annotations

import logging
from typing import Any

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session

from wiseops.extensions import db

QUEUES = ("inbound", "send", "pass", "bulk")
_log = logging.getLogger(__name__)
_BELLS = "wiseops.bells"
_LONGEST = {"bulk": 3600}


def ring(job: str, *args: Any, queue: str = "bulk") -> None:
    """Enqueues `wiseops.jobs.<job>` after the running transaction commits; forgotten if it rolls back."""
    db.session.info.setdefault(_BELLS, []).append((queue, job, args))


def ring_now(job: str, *args: Any, queue: str = "bulk") -> bool:
    """Enqueues `wiseops.jobs.<job>` at once. Answers whether Redis took it."""
    connection: Redis | None = current_app.extensions.get("redis")
    if connection is None:
        return False
    try:
        Queue(queue, connection=connection, serializer="json").enqueue(
            f"wiseops.jobs.{job}", *args, result_ttl=0, failure_ttl=7 * 86400, job_timeout=_LONGEST.get(queue, 120)
        )
    except RedisError as error:
        # The embedded server runs only while `make run` or a worker does: its absence is no news.
        level = logging.WARNING if current_app.extensions["wiseops"].redis_url else logging.DEBUG
        _log.log(level, "bell_lost job=%s error=%s", job, type(error).__name__)
        return False
    return True


@event.listens_for(Session, "after_commit")
def _enqueue(session: Session) -> None:
    for queue, job, args in dict.fromkeys(session.info.pop(_BELLS, [])):
        if not ring_now(job, *args, queue=queue):
            return


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_BELLS, None)
