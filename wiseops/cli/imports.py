"""flask import: accounts and entries from files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from wiseops.domain.errors import NotFound
from wiseops.formats.tables import Unreadable, too_large
from wiseops.queries import imports as known
from wiseops.services.imports import Answer, Options, import_accounts, import_entries, runs

commands = AppGroup("import", help="Read accounts and entries from a CSV file.")
_LONG = 5000
_SHOWN = 50

Command = Callable[..., None]


def _options(command: Command) -> Command:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
        click.option("--accept-partial", is_flag=True, help="Import the good rows although others are rejected."),
        click.option("--snapshot", is_flag=True, help="The file lists all open items: propose the others as settled."),
        click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing."),
        click.option("--profile", metavar="NAME", help="The column profile; else the header tells."),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = option(command)
    return command


@commands.command("accounts")
@_options
def accounts(file: Path, profile: str | None, as_json: bool, **options: bool) -> None:
    """Customer accounts: number,name,email,phone,country,… of FILE."""
    _run("accounts", file, profile, Options(**options), as_json=as_json)


@commands.command("entries")
@_options
def entries(file: Path, profile: str | None, as_json: bool, **options: bool) -> None:
    """Ledger entries: account,kind,number,issued_on,due_on,currency,amount,… of FILE."""
    _run("entries", file, profile, Options(**options), as_json=as_json)


def _run(noun: str, file: Path, profile: str | None, options: Options, *, as_json: bool) -> None:
    now = datetime.now(UTC)
    read = import_accounts if noun == "accounts" else import_entries
    try:
        chosen = known.profile(profile, noun) if profile else None
        answer = read(_content(file), profile=chosen, options=options, now=now, progress=_progress)
    except (Unreadable, NotFound) as error:
        click.echo(f"{file.name}: {error}", err=True)
        sys.exit(2)
    if not options.dry_run:
        run_id = runs.record(answer, noun=noun, filename=file.name, profile=profile or "", options=options, now=now)
        if answer.proposals:
            click.echo(f"{len(answer.proposals)} open invoices are not in the file. Settle them at", err=True)
            click.echo(f"  {current_app.extensions['wiseops'].public_url}/settings/imports/{run_id}", err=True)
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False) if as_json else _words(answer, options))
    sys.exit(1 if answer.rejected else 0)


def _content(file: Path) -> bytes:
    limit = current_app.extensions["wiseops"].import_max_mb * 1024**2
    if file.stat().st_size > limit:
        raise too_large(limit)
    try:
        with file.open("rb") as opened:
            content = opened.read(limit + 1)
    except OSError as error:
        raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None
    if len(content) > limit:
        raise too_large(limit)
    return content


def _progress(phase: str, done: int, total: int) -> None:
    if total >= _LONG:
        verb = "Reading" if phase == "read" else "Posting"
        click.echo(f"{verb} {done:,} of {total:,}", err=True)


def _words(answer: Answer, options: Options) -> str:
    lines = [
        f"{answer.rows} rows: {answer.created} created, {answer.updated} updated, {answer.unchanged} unchanged,"
        f" {answer.rejected} rejected."
    ]
    for problem in answer.problems[:_SHOWN]:
        lines.append(f"  row {problem.row}{problem.field and ', ' + problem.field}: {problem.message}")
    if len(answer.problems) > _SHOWN:
        lines.append(f"  … and {len(answer.problems) - _SHOWN} more; --json lists all.")
    if options.dry_run:
        lines.append("This was a dry run: nothing was changed.")
    elif answer.rejected and not options.accept_partial:
        lines.append("Nothing was imported. Correct the file, or use --accept-partial for the good rows.")
    return "\n".join(lines)
