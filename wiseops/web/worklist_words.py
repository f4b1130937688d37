"""The worklist in words: why an account is there, and what its rank is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l

from wiseops.domain.worklist import Kind, Part, Signal
from wiseops.queries.worklist.rows import Shown
from wiseops.web import labels
from wiseops.web.task_words import task_words
from wiseops.web.texts import gettext as _
from wiseops.web.texts import ngettext

KINDS = {
    Kind.REPLY_WAITS: _l("Unanswered too long"),
    Kind.REPLY: _l("Reply waits"),
    Kind.BROKEN: _l("Broken promise"),
    Kind.DISPUTE: _l("Dispute"),
    Kind.DUE: _l("Promised for now"),
    Kind.CALL: _l("Call"),
    Kind.FOLLOW_UP: _l("Follow-up"),
    Kind.REVIEW: _l("Review"),
    Kind.TASK: _l("Task"),
    Kind.UNASSIGNED: _l("No collector"),
}
TONES = {Kind.REPLY_WAITS: "bad", Kind.REPLY: "warn", Kind.BROKEN: "bad", Kind.DUE: "info", Kind.UNASSIGNED: "neutral"}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason on a row: its name and colour, what is known of it, and the day it is due or began."""

    label: str
    tone: str
    text: str
    on: date | None
    quoted: bool = False


def whys(shown: Shown) -> list[Why]:
    """The reasons of a row, the weightiest first; those of one name are one line, since the oldest."""
    lines: dict[str, list[Why]] = {}
    for signal in shown.row.signals:
        why = _why(signal, shown)
        lines.setdefault(why.label, []).append(why)
    return [_joined(same) for same in lines.values()]


def _joined(same: list[Why]) -> Why:
    first = same[0]
    if len(same) == 1:
        return first
    text = " · ".join(dict.fromkeys(why.text for why in same if why.text)) or f"× {len(same)}"
    return replace(first, text=text)


def _why(signal: Signal, shown: Shown) -> Why:
    label, tone = str(KINDS[signal.kind]), TONES.get(signal.kind, "neutral")
    task = shown.tasks.get(signal.task_id or 0)
    if signal.kind is Kind.REPLY and shown.said:
        more = " " + _("(%(num)s in all)", num=signal.count) if signal.count > 1 else ""
        return Why(label, tone, shown.said[0][:160] + more, signal.on, quoted=True)
    if signal.kind is Kind.UNASSIGNED:
        return Why(label, tone, "", None)
    if task is None:
        return Why(label, tone, "", signal.on)
    if signal.kind in (Kind.TASK, Kind.REVIEW, Kind.DISPUTE):
        label = str(labels.TASKS.get(task.kind, label))
    return Why(label, tone, task_words(task), signal.on)


def parts(row_parts: tuple[Part, ...]) -> list[tuple[str, int]]:
    """The sum that ranks it: each part's name and points."""
    return [(_part(part), part.points) for part in row_parts]


def _part(part: Part) -> str:
    if part.name == "waited":
        return ngettext("waits %(num)s day", "waits %(num)s days", part.days)
    if part.name == "age":
        return ngettext("overdue %(num)s day", "overdue %(num)s days", part.days)
    if part.name in ("large", "largest"):
        return _("among the largest") if part.name == "largest" else _("large")
    return str(KINDS[Kind(part.name)]).lower()
