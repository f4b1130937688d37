"""flask ledger: what was open on a day."""

from __future__ import annotations

import json
from datetime import datetime

import click
from flask.cli import AppGroup

from wiseops.domain import money
from wiseops.queries import ledger

commands = AppGroup("ledger", help="The ledger as of a day.")


@commands.command("open")
@click.option("--at", "on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day, like 2026-12-31.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of a table.")
def show_open(on: datetime, as_json: bool) -> None:
    """Open debits per currency; credits are not netted. Past due: due before the day."""
    rows = [
        {
            "currency": row.currency,
            "count": row.count,
            "amount": money.plain(row.amount, row.currency),
            "past_due_count": row.past_due_count,
            "past_due_amount": money.plain(row.past_due_amount, row.currency),
        }
        for row in ledger.open_debits(on.date())
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    click.echo(f"{'':4}{'open':>8}{'amount':>18}{'past due':>10}{'amount':>18}")
    for row in rows:
        click.echo("{currency:4}{count:>8}{amount:>18}{past_due_count:>10}{past_due_amount:>18}".format(**row))
