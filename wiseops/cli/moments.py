"""Moments given on the command line: a replayed now, or an end in the future."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app

from wiseops.domain import zones
from wiseops.queries import company

at_option = click.option("--at", metavar="MOMENT", help="Act as if it were then: ISO 8601. Refused in production.")
"""`--at` of a command; pass what it gives to now_or()."""


def now_or(at: str | None) -> datetime:
    """The moment of `--at`, or this instant. Another clock is for tests and trials: production refuses it."""
    if at is None:
        return datetime.now(UTC)
    if current_app.extensions["wiseops"].is_production:
        raise click.UsageError("--at is refused in production: messages would leave at a time that is not.")
    return moment(at, "--at")


def moment(text: str, option: str) -> datetime:
    """ISO 8601; without an offset it is local to the company's zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"“{text[:40]}” is no moment. Write it like 2026-03-02T10:00.", param_hint=option
        ) from None
    if value.tzinfo is None:
        value = value.replace(tzinfo=zones.zone(company.get().timezone))
    return value.astimezone(UTC)
