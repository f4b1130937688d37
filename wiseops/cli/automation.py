"""flask automation: run a pass, ask where it stands, pause, resume, verify."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from wiseops.cli import moments
from wiseops.domain import money
from wiseops.domain.errors import Refused
from wiseops.queries import automation as queries
from wiseops.queries import verification
from wiseops.queries.auto_collection import figures
from wiseops.services import automation, pauses

commands = AppGroup("automation", help="The pass that decides about accounts, and its switch.")
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@commands.command("run")
@moments.at_option
@_json
def run(at: str | None, as_json: bool) -> None:
    """Decides every account that is due. While paused nothing is queued."""
    now = moments.now_or(at)
    pauses.end_when_over(now)
    done = automation.run(now)
    answer = {
        "at": now.isoformat(),
        "evaluated": done.evaluated,
        "queued": done.queued,
        "held": queries.held(),
        "stages": figures.read().stages,
    }
    _say(answer, as_json)


@commands.command("status")
@_json
def status(as_json: bool) -> None:
    """Where automation stands: the four figures, the stages, the switch."""
    switch, found = queries.rules(), figures.read()
    answer = {
        "paused": switch.is_paused(datetime.now(UTC)),
        "mode": queries.switch().mode,
        "stages": found.stages,
        "outstanding": _amounts({owed.currency: owed.balance for owed in found.outstanding}),
        "collected": _amounts(dict(found.collected)),
        "engaged": found.stages["engaged"],
        "messages": found.messages_sent,
    }
    _say(answer, as_json)


@commands.command("pause")
@click.option("--reason", required=True, help="Why; everyone sees it.")
@click.option("--until", metavar="MOMENT", help="When it ends by itself: ISO 8601. Default: when someone resumes.")
def pause(reason: str, until: str | None) -> None:
    """Stops every automatic message, queued ones included, within a second."""
    end = moments.moment(until, "--until") if until else None
    try:
        pauses.begin(reason=reason, until=end, now=datetime.now(UTC))
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    click.echo("Paused." if end is None else f"Paused until {end.isoformat()}.")


@commands.command("resume")
def resume() -> None:
    """Decides everything anew and goes on; what waited is not flushed."""
    pauses.end(now=datetime.now(UTC))
    click.echo("Running.")


@commands.command("verify")
@_json
def verify(as_json: bool) -> None:
    """Decides the whole book anew and counts the differences from what is stored."""
    found = verification.verify(datetime.now(UTC))
    _say({"accounts": found.accounts, "differences": found.differences}, as_json)


def _amounts(minor: Any) -> list[dict[str, str]]:
    return [{"currency": code, "amount": money.plain(amount, code)} for code, amount in sorted(minor.items())]


def _say(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer))
        return
    for name, value in answer.items():
        click.echo(f"{name:12}{_words(value)}")


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {count}" for key, count in value.items()) or "–"
    if isinstance(value, list):
        return "  ".join(f"{row['amount']} {row['currency']}" for row in value) or "–"
    return str(value)
