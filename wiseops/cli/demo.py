"""`flask demo`: a believable book to look around in."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from wiseops.domain.demo import LOGINS
from wiseops.domain.errors import Refused
from wiseops.services.demo import books


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make some 300 customers and two months of their lives. Nothing reaches anyone: messages end in files."""
    if current_app.extensions["wiseops"].is_production:
        raise click.ClickException("The demo book and its logins are not for production.")
    files = current_app.extensions["senders"]["file"]
    try:
        books.make(
            datetime.now(UTC),
            senders={"sms": files, "email": files, "file": files},
            progress=lambda line: click.echo(line, err=True),
        )
    except Refused as refused:
        click.echo(refused.message)
        return
    for login in LOGINS:
        click.echo(f"{login.role:<10} {login.email:<24} {login.password}")
