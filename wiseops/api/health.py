"""Whether the house stands: for load balancers, and figures for whoever watches."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy.exc import SQLAlchemyError

from wiseops.config import Config
from wiseops.queries import figures, schema
from wiseops.queue import QUEUES

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database is there with every migration run, and Redis answers."""
    at_head = _at_head()
    checks = {"database": at_head is not None, "migrations": bool(at_head), "redis": _redis_answers()}
    is_ready = all(checks.values())
    return {"status": "ok" if is_ready else "unready", **checks}, 200 if is_ready else 503


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Figures in the Prometheus text form; asks for `Authorization: Bearer METRICS_TOKEN`."""
    config: Config = current_app.extensions["wiseops"]
    if not config.metrics_token:
        abort(404)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {config.metrics_token}".encode()):
        abort(401)
    return Response("".join(f"{line}\n" for line in _figures()), mimetype="text/plain")


def _figures() -> Iterator[str]:
    yield "# TYPE wiseops_queue_jobs gauge"
    for queue, waiting in _queues().items():
        yield f'wiseops_queue_jobs{{queue="{queue}"}} {waiting}'
    yield "# TYPE wiseops_accounts gauge"
    for stage, accounts in figures.accounts_by_stage().items():
        yield f'wiseops_accounts{{stage="{stage}"}} {accounts}'
    yield "# TYPE wiseops_messages gauge"
    for status, messages in figures.messages_by_status().items():
        yield f'wiseops_messages{{status="{status}"}} {messages}'
    yield "# TYPE wiseops_webhooks_waiting gauge"
    yield f"wiseops_webhooks_waiting {figures.webhooks_waiting()}"
    yield "# TYPE wiseops_paused gauge"
    yield f"wiseops_paused {int(figures.is_paused())}"


def _at_head() -> bool | None:
    """Whether the tables are those of this code; None when the database cannot be reached."""
    try:
        return schema.is_at_head()
    except SQLAlchemyError:
        return None


def _redis_answers() -> bool:
    connection: Redis | None = current_app.extensions["redis"]
    try:
        return connection is not None and bool(connection.ping())
    except RedisError:
        return False


def _queues() -> dict[str, int]:
    connection: Redis | None = current_app.extensions["redis"]
    if connection is None:
        return {}
    try:
        return {name: Queue(name, connection=connection).count for name in QUEUES}
    except RedisError:
        return {}
