"""The day and the slot of a step, and each rule that moved it there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wiseops.domain import zones
from wiseops.domain.automation.decision import Reason
from wiseops.domain.automation.moments import slot
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Run, Snapshot
from wiseops.domain.guardrails import windows
from wiseops.domain.guardrails.asking import capped
from wiseops.domain.holidays import Calendar
from wiseops.domain.plans import Step
from wiseops.domain.positions import Standing

_LONGEST_WAIT = timedelta(days=30)
"""For an hour that may be used: longer than any row of closed days. What comes later comes with another clock."""


def due_on(
    step: Step, run: Run, snapshot: Snapshot, rules: Rules, anchors: list[Standing], channel: str | None
) -> tuple[date, list[Reason]]:
    """The first company day of the step by that channel, and every rule that asked for a day, the latest first."""
    asked = [*_wishes(step, run, snapshot, rules, anchors), *_caps(snapshot, rules, channel)]
    wishes = sorted(asked, key=lambda wish: wish[0], reverse=True)
    return wishes[0][0], [Reason(code, {"on": on.isoformat(), **facts}) for on, code, facts in wishes]


def _wishes(
    step: Step, run: Run, snapshot: Snapshot, rules: Rules, anchors: list[Standing]
) -> Iterator[tuple[date, str, dict[str, object]]]:
    oldest = min(standing.item.due_on for standing in anchors)
    gap = timedelta(days=max(step.min_gap_days, rules.guardrails_of(snapshot.country).gap_days))
    yield (
        oldest + timedelta(days=step.offset_days),
        "offset",
        {"due_on": oldest.isoformat(), "days": step.offset_days, "step": step.position},
    )
    for code, since in (
        ("gap", snapshot.last_contact_on),
        ("settled_gap", snapshot.last_paid_on),
        ("part_payment", run.pushed_on),
    ):
        if since is not None:
            yield since + gap, code, {"since": since.isoformat(), "days": gap.days}
    if snapshot.last_step_on is not None:
        yield snapshot.last_step_on + timedelta(days=1), "one_a_day", {"since": snapshot.last_step_on.isoformat()}
    before = run.done.get(step.position - 1)
    if step.deadline_days is not None and before is not None:
        deadline = rules.working_day(before + timedelta(days=step.deadline_days))
        yield deadline + timedelta(days=1), "deadline", {"deadline": deadline.isoformat(), "days": step.deadline_days}


def _caps(snapshot: Snapshot, rules: Rules, channel: str | None) -> Iterator[tuple[date, str, dict[str, object]]]:
    if snapshot.contacts and channel is not None:
        for on, facts in capped(snapshot.contacts, rules.guardrails_of(snapshot.country), channel):
            yield on, "cap", facts


def slot_of(
    step: Step, day: date, snapshot: Snapshot, rules: Rules, now: datetime, *, not_before: datetime | None
) -> tuple[datetime, datetime] | None:
    """The (start, end) of the first slot on or after the company's `day`, after any hold's end."""
    earliest = rules.midnight(day)
    if not_before is not None and not_before > earliest:
        earliest = not_before
    place = zones.choose(snapshot.zone, snapshot.country, rules.zone)
    return slot(place, *_openings(snapshot, rules), step.weekdays, step.at, earliest, now)


def is_far(span: windows.Span | None, since: datetime) -> bool:
    """Whether no slot comes that is worth waiting for."""
    return span is None or span[0] - since > _LONGEST_WAIT


def comes_near(span: windows.Span | None) -> list[datetime]:
    """From when on it is no longer far, where it ever is."""
    return [span[0] - _LONGEST_WAIT] if span else []


def no_slot(step: Step, snapshot: Snapshot, rules: Rules) -> Reason:
    """Where an hour would have to be open, on one of the step's weekdays."""
    return Reason("no_slot", {"step": step.position, "zones": ", ".join(_openings(snapshot, rules)[0])})


def why_closed(snapshot: Snapshot, rules: Rules, now: datetime) -> str | None:
    """What closes this moment for the debtor, whatever the step asks for; None where nothing does."""
    return windows.why_closed(*_openings(snapshot, rules), now)


def _openings(snapshot: Snapshot, rules: Rules) -> tuple[tuple[str, ...], windows.Hours, Calendar | None]:
    """Where the debtor may be, the hours that are kept there, and the days that are closed."""
    guardrails = rules.guardrails_of(snapshot.country)
    near = windows.candidates(snapshot.zone, snapshot.country, snapshot.phone_zones, rules.zone)
    return near, guardrails.hours, rules.calendar(snapshot.country) if guardrails.holidays else None
