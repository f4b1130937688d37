"""`flask replay`: what would have left, day by day, had these rules been in force."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from wiseops.domain.errors import Refused
from wiseops.services.replays import runs

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("replay")
@click.option("--from", "start", type=DAY, required=True, help="The first day to live; what is older opens the book.")
@click.option("--to", "end", type=DAY, required=True, help="The last day.")
@click.option("--work", type=click.Path(path_type=Path, dir_okay=False), help="The working copy to make or go on with.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer.")
@with_appcontext
def replay(start: datetime, end: datetime, work: Path | None, *, as_json: bool) -> None:
    """Live the book again in a copy of its own, with the rules of today. Nothing leaves."""
    try:
        answer = runs.run(start.date(), end.date(), work=work, progress=lambda line: click.echo(line, err=True))
    except Refused as refused:
        raise click.ClickException(refused.message) from None
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for name in ("evaluated", "queued", "sent", "cancelled"):
        click.echo(f"{name:>10} {sum(day[name] for day in answer['days'])}")
    click.echo(f"{'rows':>10} {len(answer['messages'])}")
