"""What load balancers and watchers ask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Flask
from redis import Redis
from sqlalchemy import text

from tests.conftest import a_config
from wiseops.app import create_app
from wiseops.extensions import db


def test_a_living_process_says_ok_without_database_or_login(tmp_path: Path):
    app = create_app(a_config(tmp_path, f"sqlite:///{tmp_path}/nowhere.sqlite"))

    assert app.test_client().get("/healthz").json == {"status": "ok"}


def test_an_installation_without_redis_is_not_ready_and_says_why(app: Flask):
    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"status": "unready", "database": True, "migrations": True, "redis": False}


def test_an_installation_with_everything_is_ready(app: Flask, redis: Redis):
    app.extensions["redis"] = redis

    assert app.test_client().get("/readyz").status_code == 200


def test_a_database_that_waits_for_migrations_is_not_ready(app: Flask, redis: Redis):
    app.extensions["redis"] = redis
    db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json["migrations"] is False


def test_figures_are_for_holders_of_the_token_only(app: Flask, redis: Redis):
    app.extensions["redis"] = redis
    client = app.test_client()
    assert client.get("/metrics").status_code == 404

    app.extensions["wiseops"] = replace(app.extensions["wiseops"], metrics_token="secret")

    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer secret"})
    assert 'wiseops_queue_jobs{queue="send"} 0' in answer.text
    assert "wiseops_webhooks_waiting 0" in answer.text
    assert "wiseops_paused 1" in answer.text
