"""What a country's guardrails say: contact window, closed days, caps and the minimum gap."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.windows import Hours

EVERY_DAY = frozenset(range(7))
MOST_CONTACTS, MOST_DAYS = 99, 90


@dataclass(frozen=True)
class Guardrails:
    """One country's limits; `country` empty: the default of every other. A cap of None is none.

    `opens` and `closes` are of Monday to Friday; `cap` counts every channel in any `cap_days` days in a row.
    """

    country: str = ""
    weekdays: frozenset[int] = EVERY_DAY
    opens: time = time(8)
    closes: time = time(20)
    saturday_opens: time = time(8)
    saturday_closes: time = time(20)
    sunday_opens: time = time(8)
    sunday_closes: time = time(20)
    holidays: bool = True
    cap: int | None = None
    cap_days: int = 7
    call_cap: int | None = None
    call_days: int = 7
    sms_cap: int | None = None
    sms_days: int = 7
    gap_days: int = 0

    @functools.cached_property
    def hours(self) -> Hours:
        """The window of each weekday from Monday on; None where nobody is contacted."""
        week = [(self.opens, self.closes)] * 5
        week += [(self.saturday_opens, self.saturday_closes), (self.sunday_opens, self.sunday_closes)]
        return tuple(span if day in self.weekdays else None for day, span in enumerate(week))

    @functools.cached_property
    def counts(self) -> bool:
        """Whether any cap needs earlier contacts counted."""
        return any(cap is not None for cap in (self.cap, self.call_cap, self.sms_cap))

    def caps(self, channel: str) -> Iterator[tuple[str, int, int]]:
        """(channel or "" for all, most contacts, in any so many days) of each cap that limits the channel."""
        if self.cap is not None:
            yield "", self.cap, self.cap_days
        own = {"call": (self.call_cap, self.call_days), "sms": (self.sms_cap, self.sms_days)}.get(channel)
        if own is not None and own[0] is not None:
            yield channel, own[0], own[1]


DEFAULT = Guardrails()


def check(given: Guardrails) -> Guardrails:
    """The same. Raises Refused, with the field, for limits under which nothing could ever go, or that say nothing."""
    if not given.weekdays:
        raise Refused("Allow at least one weekday.", "weekdays")
    for group in ("", "saturday_", "sunday_"):
        if getattr(given, f"{group}opens") >= getattr(given, f"{group}closes"):
            raise Refused("The window must close after it opens.", f"{group}closes")
    for name, days in (("cap", "cap_days"), ("call_cap", "call_days"), ("sms_cap", "sms_days")):
        most = getattr(given, name)
        if most is not None and not 1 <= most <= MOST_CONTACTS:
            raise Refused(f"A cap is 1 to {MOST_CONTACTS}, or empty.", name)
        if not 1 <= getattr(given, days) <= MOST_DAYS:
            raise Refused(f"Count over 1 to {MOST_DAYS} days.", days)
    if not 0 <= given.gap_days <= MOST_DAYS:
        raise Refused(f"A gap is 0 to {MOST_DAYS} days.", "gap_days")
    return given
