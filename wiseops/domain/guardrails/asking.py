"""Ask: whether this contact may be made now, and if not, when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wiseops.domain import zones
from wiseops.domain.automation.decision import Reason
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails import windows
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.domain.holidays import Calendar

LIFTABLE = frozenset({"window", "weekday", "holiday", "cap", "blocked"})
"""What a manager may override. An opt-out, a complaint and an address that does not work are never overridden."""


@dataclass(frozen=True, slots=True)
class Override:
    """Who goes past which limits, and why. What comes to stand in the way later still does."""

    by_id: int
    reason: str
    limits: frozenset[str] = LIFTABLE

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise Refused("Say why it goes all the same.", "reason")


@dataclass(frozen=True, slots=True)
class Request:
    """One contact: `channel` sms, email or call; `automatic` or by hand."""

    channel: str
    automatic: bool = False
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the debtor. Days are the company's.

    `zones` every one they may be in; `contacts` day and channel of what reached them; `elsewhere` of what reached the
    same address for other accounts, which caps count as well; `suppressed` why the address must not be used.
    """

    zones: tuple[str, ...]
    company_zone: str
    contacts: tuple[tuple[date, str], ...] = ()
    elsewhere: tuple[tuple[date, str], ...] = ()
    suppressed: str | None = None
    block: str | None = None
    paused: bool = False
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may go now. `lifted`: the limits that an override went past."""

    lifted: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """No time makes it right."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Deferred:
    """It may go at `until`, if nothing changes before."""

    until: datetime
    reasons: tuple[Reason, ...]


Answer = Allowed | Blocked | Deferred


def ask(request: Request, facts: Facts, guardrails: Guardrails, calendar: Calendar, now: datetime) -> Answer:
    """The answer of all guardrails at once. Pause and gap hold only what is automatic."""
    lifted: list[Reason] = []

    def stands(reason: Reason) -> bool:
        if request.override is None or reason.code not in request.override.limits & LIFTABLE:
            return True
        lifted.append(reason)
        return False

    stops = [reason for reason in _stops(request, facts, now) if stands(reason)]
    waits = [(until, reason) for until, reason in _waits(request, facts, guardrails, now) if stands(reason)]
    earliest = max((until for until, _ in waits), default=now)
    reasons = [*stops, *(reason for _, reason in waits)]
    days = calendar if guardrails.holidays else None
    closed = windows.why_closed(facts.zones, guardrails.hours, days, now)
    span = windows.window(facts.zones, guardrails.hours, days, earliest)
    if closed is None and span is None:
        closed = "window"
    if closed is not None:
        reason = Reason(closed, {"zones": list(facts.zones)})
        if stands(reason):
            reasons.append(reason)
            if span is None:
                stops.append(reason)
    if stops:
        return Blocked(tuple(reasons))
    if span is not None and not any(reason.code in ("window", "weekday", "holiday") for reason in lifted):
        earliest = max(earliest, span[0])
    return Deferred(earliest, tuple(reasons)) if earliest > now else Allowed(tuple(lifted))


def frees_on(contacts: Iterable[tuple[date, str]], channel: str, most: int, days: int) -> date | None:
    """The first day on which one more makes no more than `most` in any `days` days; None where there are fewer."""
    counted = sorted((day for day, by in contacts if channel in ("", by)), reverse=True)
    return counted[most - 1] + timedelta(days=days) if len(counted) >= most else None


def capped(
    contacts: Iterable[tuple[date, str]], guardrails: Guardrails, channel: str
) -> Iterator[tuple[date, dict[str, object]]]:
    """The day on which each reached cap of the channel frees, with its facts."""
    for counted, most, days in guardrails.caps(channel):
        on = frees_on(contacts, counted, most, days)
        if on is not None:
            yield on, {"most": most, "days": days, "channel": counted}


def _stops(request: Request, facts: Facts, now: datetime) -> Iterator[Reason]:
    if facts.suppressed is not None:
        yield Reason(facts.suppressed, {"channel": request.channel})
    if facts.block is not None:
        yield Reason("blocked", {"reason": facts.block, "review_on": None})
    if request.automatic and facts.paused and facts.pause_until is None:
        yield Reason("paused", {"until": None})


def _waits(request: Request, facts: Facts, guardrails: Guardrails, now: datetime) -> Iterator[tuple[datetime, Reason]]:
    for on, about in capped((*facts.contacts, *facts.elsewhere), guardrails, request.channel):
        if (until := zones.midnight(on, facts.company_zone)) > now:
            yield until, Reason("cap", {"on": on.isoformat(), **about})
    if not request.automatic:
        return
    if facts.paused and facts.pause_until is not None and facts.pause_until > now:
        yield facts.pause_until, Reason("paused", {"until": facts.pause_until.isoformat()})
    last = max((day for day, _ in facts.contacts), default=None)
    if last is not None and guardrails.gap_days:
        on = last + timedelta(days=guardrails.gap_days)
        if (until := zones.midnight(on, facts.company_zone)) > now:
            about = {"on": on.isoformat(), "since": last.isoformat(), "days": guardrails.gap_days}
            yield until, Reason("gap", about)
