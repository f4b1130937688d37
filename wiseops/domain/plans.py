"""Plans: which accounts, which steps. Exclusions share the conditions."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from wiseops.domain import money

CHANNELS = ("email", "sms", "call")
EVERY_CURRENCY = "*"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an account must be. Empty means anything. `minimum` per currency in minor units, over overdue anchor kinds.

    `days_overdue` is of the oldest overdue anchor-kind item; None asks nothing of the ledger.
    """

    days_overdue: int | None = None
    minimum: Mapping[str, int] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    kind: str | None = None

    @property
    def is_empty(self) -> bool:
        return self == Conditions()

    @property
    def asks_ledger(self) -> bool:
        return self.days_overdue is not None or bool(self.minimum)

    def to_json(self) -> dict[str, Any]:
        """As stored: only what is set; amounts as decimal strings."""
        found: dict[str, Any] = {}
        if self.days_overdue is not None:
            found["days_overdue"] = self.days_overdue
        if self.minimum:
            found["minimum"] = {code: money.plain(minor, code) for code, minor in sorted(self.minimum.items())}
        for name in ("tags", "countries", "languages"):
            if values := getattr(self, name):
                found[name] = sorted(values)
        if self.kind:
            found["kind"] = self.kind
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Conditions:
        """The inverse of to_json. Raises Refused for an amount that is none."""
        minimum = {code: money.parse(text, code).minor for code, text in stored.get("minimum", {}).items()}
        return cls(
            days_overdue=stored.get("days_overdue"),
            minimum=minimum,
            tags=frozenset(stored.get("tags", ())),
            countries=frozenset(stored.get("countries", ())),
            languages=frozenset(stored.get("languages", ())),
            kind=stored.get("kind"),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `offset_days` from the due date of the oldest collectable anchor; `at` and `weekdays` are the debtor's.

    `deadline_days`: the step waits that many days after the previous one was sent, rolled to a working day.
    """

    position: int
    offset_days: int
    weekdays: frozenset[int]
    at: time
    channels: tuple[str, ...]
    min_gap_days: int = 5
    deadline_days: int | None = None
    template_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Lowest `priority` is asked first. `stop_below` per currency in minor units; see `stops_below`."""

    id: int
    name: str
    priority: int
    conditions: Conditions
    steps: tuple[Step, ...]
    review_after: int = 7
    stop_below: Mapping[str, str] = field(default_factory=dict)
    active: bool = True

    def stops_below(self, currency: str) -> int:
        """Minor units under which nothing of this currency is worth a message."""
        text = self.stop_below.get(currency) or self.stop_below.get(EVERY_CURRENCY)
        return _minor(text, currency) if text else 0


@functools.cache
def _minor(text: str, currency: str) -> int:
    return money.parse(text, currency).minor


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule that blocks: by conditions, or by a list of accounts (`conditions` None; the snapshot knows the list)."""

    id: int
    name: str
    conditions: Conditions | None
