"""flask plans: the rules in and out of a JSON document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import BinaryIO

import click
from flask.cli import AppGroup

from wiseops.domain.errors import Refused
from wiseops.formats import rules as documents
from wiseops.queries import rules as queries
from wiseops.services import rules

commands = AppGroup("plans", help="Plans, exclusions and templates as one JSON document.")


@commands.command("export")
@click.argument("file", type=click.File("wb"))
def export(file: BinaryIO) -> None:
    """Writes the rules in force to FILE (- for the screen)."""
    file.write(documents.dump(queries.document()).encode())


@commands.command("import")
@click.argument("file", type=click.File("rb"))
@click.pass_context
def load(context: click.Context, file: BinaryIO) -> None:
    """Reads FILE: all of it, or nothing and the path of what is wrong. What it does not name stays."""
    try:
        answer = rules.load(documents.parse(file.read()), now=datetime.now(UTC))
    except Refused as refused:
        click.echo(f"{refused.field}: {refused.message}" if refused.field else refused.message, err=True)
        context.exit(1 if refused.field else 2)
    for noun, counts in answer.items():
        click.echo(f"{noun}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))
