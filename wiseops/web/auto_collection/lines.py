"""One line of the table: what of an account is worked out when it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import flask_babel

from wiseops.domain import zones
from wiseops.domain.automation.rules import Rules
from wiseops.queries.auto_collection.rows import Row
from wiseops.web import reasons
from wiseops.web.texts import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its age today, its next step in words, and the debtor's time where that is another."""

    row: Row
    days_overdue: int | None
    step: str
    channel: str
    debtor_time: str
    why: str
    held_until: date | datetime | None
    is_disputed: bool


def draw(rows: Iterable[Row], rules: Rules, today: date) -> list[Line]:
    """The lines of a page."""
    return [_line(row, rules, today) for row in rows]


def _line(row: Row, rules: Rules, today: date) -> Line:
    held = next((reason for reason in row.reasons if reason["code"] == row.held), None)
    step, channel = _step(row, rules)
    return Line(
        row=row,
        days_overdue=(today - row.overdue_since).days if row.overdue_since else None,
        step=step,
        channel=channel,
        debtor_time=_debtor_time(row, rules),
        why=_why(row),
        held_until=reasons.when(held) if held and held.get("until") else None,
        is_disputed=any(reason["code"] == "dispute_part" for reason in row.reasons),
    )


def _why(row: Row) -> str:
    """The badge says that it is held until when; the words say what for, or what comes after."""
    after = [reason for reason in row.reasons if reason["code"] != row.held]
    return reasons.why(after if row.held in ("hold", "paused") and after else row.reasons)


def _step(row: Row, rules: Rules) -> tuple[str, str]:
    """(Step 2 of 4, e-mail): the channel is the first that reaches this account."""
    plan = rules.plans.get(row.plan_id or 0)
    step = next((each for each in plan.steps if each.position == row.step), None) if plan else None
    if plan is None or step is None:
        return "", ""
    reached = {"email": row.has_email, "sms": row.has_sms, "call": True}
    channel = next((each for each in step.channels if reached.get(each)), "")
    return _("Step %(step)s of %(steps)s", step=step.position, steps=len(plan.steps)), channel


def _debtor_time(row: Row, rules: Rules) -> str:
    """16:00 New York: shown where it is not the company's own time."""
    if row.send_at is None:
        return ""
    place = zones.choose(row.timezone, row.country, rules.zone)
    there = row.send_at.astimezone(zones.zone(place))
    if there.utcoffset() == row.send_at.astimezone(zones.zone(rules.zone)).utcoffset():
        return ""
    time = flask_babel.format_time(there.timetz(), "short", rebase=False)
    return f"{time} {place.rsplit('/', 1)[-1].replace('_', ' ')}"
