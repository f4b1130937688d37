"""flask messages: send what is due."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from wiseops.adapters import senders
from wiseops.cli import moments
from wiseops.services import messages

commands = AppGroup("messages", help="The outbox.")


@commands.command("send")
@moments.at_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def send(at: str | None, as_json: bool) -> None:
    """Sends everything that is due, as a worker would. While paused only what people sent."""
    now = moments.now_or(at)
    clock = (lambda: now) if at else (lambda: datetime.now(UTC))
    backends = current_app.extensions["senders"]
    senders.warm(backends)
    swept = messages.sweep(now)
    done = messages.send_due(now, senders=backends, clock=clock)
    counts = {"sent": done.sent, "cancelled": done.cancelled, "failed": done.failed, "unknown": done.unknown + swept}
    if as_json:
        click.echo(json.dumps({"at": now.isoformat(), **counts}))
        return
    click.echo("  ".join(f"{name} {count}" for name, count in counts.items()))
