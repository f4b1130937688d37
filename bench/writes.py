"""How long a person's POST takes while a pass decides the whole book and another process sends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bench.passes import NOW, build
from wiseops import config as configuration
from wiseops.app import create_app
from wiseops.extensions import db
from wiseops.models import User
from wiseops.processes.worker import NICENESS
from wiseops.services import automation, messages

SECONDS = 20
LIMIT = 500
BUSY = ("pass", "send")


def run(engine: str, accounts: int) -> None:
    """Records payments by form for 20 seconds beside both; prints the times and what the others said."""
    build(accounts)
    user = {"email": "b@example.com", "name": "B", "password_hash": "", "role": "admin", "active": True}
    db.session.execute(insert(User), [{**user, "created_at": datetime.now(UTC)}])
    db.session.commit()
    config = current_app.extensions["wiseops"]
    current_app.config["WTF_CSRF_ENABLED"] = False
    client = current_app.test_client()  # type: ignore[attr-defined]
    with client.session_transaction() as session:
        session["_user_id"] = "1.1"
    _post_for(client, 1, accounts, "before")  # what is compiled once is no waiting
    others = [_start(role, config) for role in BUSY]
    time.sleep(3)
    took = sorted(_post_for(client, SECONDS, accounts, "beside"))
    errors = [_end(other) for other in others]
    left = db.session.scalar(text("SELECT COUNT(*) FROM messages WHERE status = 'sent'"))
    print(f"{engine}: {len(took)} POSTs of a payment while a pass and sending run on {accounts} accounts ({left} sent)")
    for name, part in (("half", 0.5), ("99 of 100", 0.99), ("the longest", 1.0)):
        print(
            f"  {name:12} within {took[min(len(took) - 1, int(len(took) * part))] * 1000:8.0f} ms (p99 limit {LIMIT})"
        )
    print(f"  errors elsewhere: {sum(errors)}", flush=True)


def _post_for(client: FlaskClient, seconds: int, accounts: int, name: str) -> list[float]:
    took = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = len(took)
        form = {
            "amount": "1.00",
            "currency": "DKK",
            "issued_on": "2026-03-03",
            "token": f"{name}{number}",
            "allocate_to": "",
        }
        started = time.perf_counter()
        answer = client.post(f"/accounts/{1 + number * 37 % accounts}/ledger/new?kind=payment", data=form)
        took.append(time.perf_counter() - started)
        assert answer.status_code == 303, answer.status
        time.sleep(0.05)
    return took


def _start(role: str, config: configuration.Config) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.writes", role, config.database_url, str(config.data_dir)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)


def _end(other: subprocess.Popen[str]) -> int:
    """How many errors the process met."""
    other.terminate()
    said = other.communicate()[1]
    return said.count("locked") + said.count("Error")


def _work(role: str) -> None:
    senders = current_app.extensions["senders"]
    while True:
        if role == "send":
            messages.send_due(NOW, senders=senders, seconds=20)
        else:
            automation.rules_changed()
            automation.run(NOW)
        db.session.rollback()
        time.sleep(0.1)


if __name__ == "__main__":
    os.nice(max(0, NICENESS - os.nice(0)))
    environ = {"DATABASE_URL": sys.argv[2], "WISEOPS_DATA_DIR": sys.argv[3], "SECRET_KEY": "bench"}
    with create_app(configuration.read(environ)).app_context():
        _work(sys.argv[1])
