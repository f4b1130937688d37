"""What became of messages, as a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from wiseops.queries.reports import messages
from wiseops.queries.reports.messages import OUTCOMES, Channel
from wiseops.web import labels, message_words
from wiseops.web.filters import number
from wiseops.web.reports.asked import Asked
from wiseops.web.reports.sheets import Chart, Part, Sheet, bars
from wiseops.web.texts import gettext as _

COLOURS = {
    "delivered": "good", "sent": "info", "undelivered": "bad", "failed": "series-6", "unknown": "warn",
    "waiting": "neutral", "cancelled": "quiet",
}  # fmt: skip


def sheet(asked: Asked) -> Sheet:
    found = messages.read(asked.period, asked.selection)
    return Sheet(
        "messages",
        _("Messages by outcome"),
        _("Messages that left in the period, or were queued in it and did not leave. Trial messages included."),
        _("No messages"),
        [_part(found)] if found else [],
    )


def _part(found: Sequence[Channel]) -> Part:
    shown = [outcome for outcome in OUTCOMES if any(row.outcomes[outcome] for row in found)]
    names = [_("Waiting") if outcome == "waiting" else message_words.status(outcome) for outcome in shown]
    sums = [sum(row.outcomes[outcome] for row in found) for outcome in shown]
    return Part(
        "messages-all",
        "",
        "",
        [_("Channel"), *names, _("Total")],
        [[_name(row), *(row.outcomes[outcome] for outcome in shown), _total(row)] for row in found],
        [_("Total"), *sums, sum(sums)] if len(found) > 1 else (),
        Chart(
            bars((_name(row), [row.outcomes[outcome] for outcome in shown], number(_total(row))) for row in found),
            [(name, COLOURS[outcome]) for name, outcome in zip(names, shown, strict=True)],
            across=True,
        ),
    )


def _name(row: Channel) -> str:
    words = _("%(channel)s, automatic") if row.automated else _("%(channel)s, by hand")
    channel = labels.channel(row.channel)
    return words % {"channel": channel[:1].upper() + channel[1:]}


def _total(row: Channel) -> int:
    return sum(row.outcomes.values())
