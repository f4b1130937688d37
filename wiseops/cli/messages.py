"""flask messages: send what is due, take in what a mail server hands over."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from wiseops.adapters import senders
from wiseops.cli import moments
from wiseops.domain.attachments import MIB
from wiseops.formats.arrivals import mail
from wiseops.services import messages, webhooks

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


@commands.command("receive")
def receive() -> None:
    """Takes an e-mail from standard input, as a mail server's pipe gives it: `flask messages receive < mail.eml`.

    Ends with 0 once it is kept, 75 where it should be tried later, 65 where it is too large.
    """
    raw = sys.stdin.buffer.read(mail.LARGEST + 1)
    if len(raw) > mail.LARGEST:
        click.echo(f"5.3.4 A message may have {mail.LARGEST // MIB} MB.", err=True)
        sys.exit(os.EX_DATAERR)
    now = datetime.now(UTC)
    try:
        webhooks.store_mail(raw, provider="mta", event_id=mail.identity(raw), now=now)
    except SQLAlchemyError as error:
        click.echo(f"4.3.0 The database is away ({type(error).__name__}). Try again later.", err=True)
        sys.exit(os.EX_TEMPFAIL)
    try:
        webhooks.work(now)
    finally:
        sys.exit(os.EX_OK)  # It is kept: whatever is left of it a worker does, and logs what goes wrong.
