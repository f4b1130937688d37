"""What the company decided: the rules that every decision is made by."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from wiseops.domain import zones
from wiseops.domain.guardrails import settings
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.domain.holidays import Calendar, public
from wiseops.domain.plans import Conditions, Exclusion, Plan
from wiseops.domain.promises import GRACE_DAYS
from wiseops.domain.replies import HOLD_DAYS

REOPENS_WITHIN = 30
"""Days after `settled` in which a reversed payment reopens the engagement."""


@dataclass(frozen=True)
class Rules:
    """Plans (all; inactive ones only finish what they began), exclusions, the pause, guardrails and calendars.

    `stale_at`: from this instant the ledger is older than its limit and nothing goes.
    A country without a calendar of its own has the package's; one without guardrails those of "".
    """

    plans: Mapping[int, Plan] = field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()
    zone: str = "Europe/Copenhagen"
    country: str = "DK"
    business_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    paused: bool = False
    pause_until: datetime | None = None
    stale_at: datetime | None = None
    company_holidays_only: bool = False
    promise_grace: int = GRACE_DAYS
    reply_hold: int = HOLD_DAYS
    guardrails: Mapping[str, Guardrails] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    version: int = 0

    @functools.cached_property
    def ranked(self) -> tuple[Plan, ...]:
        """Active plans in the order they are asked."""
        return tuple(sorted((p for p in self.plans.values() if p.active), key=lambda p: (p.priority, p.id)))

    @functools.cached_property
    def ages(self) -> tuple[timedelta, ...]:
        """Ages past due at which an item may change a decision: overdue, or old enough for a plan or an exclusion."""
        return self._ages([plan.conditions for plan in self.ranked]) + self.exclusion_ages[1:]

    @functools.cached_property
    def exclusion_ages(self) -> tuple[timedelta, ...]:
        """The same where a plan matched already."""
        return self._ages([exclusion.conditions for exclusion in self.exclusions if exclusion.conditions])

    @staticmethod
    def _ages(conditions: list[Conditions]) -> tuple[timedelta, ...]:
        days = {1, *(max(1, asked.days_overdue or 0) for asked in conditions)}
        return tuple(timedelta(days=day) for day in sorted(days))

    def today(self, now: datetime) -> date:
        """The company's day at that instant."""
        return now.astimezone(zones.zone(self.zone)).date()

    def midnight(self, day: date) -> datetime:
        """The first instant of the company's day."""
        return zones.midnight(day, self.zone)

    def calendar(self, country: str | None) -> Calendar:
        """The closed days that count for a debtor of that country."""
        code = self.country if self.company_holidays_only else country or self.country
        return self.calendars.get(code) or public(code)

    def guardrails_of(self, country: str | None) -> Guardrails:
        """The limits on contact that count for a debtor of that country."""
        return self.guardrails.get(country or self.country) or self.guardrails.get("", settings.DEFAULT)

    def is_paused(self, now: datetime) -> bool:
        return self.paused and (self.pause_until is None or now < self.pause_until)

    def working_day(self, day: date) -> date:
        """`day`, or the company's next working day after it."""
        calendar = self.calendar(self.country)
        while day.weekday() not in self.business_days or calendar.closes(day):
            day += timedelta(days=1)
        return day
