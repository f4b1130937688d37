"""Everything about one account that a decision looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from wiseops.domain.disputes import Dispute
from wiseops.domain.entries import Item
from wiseops.domain.positions import Book, stand
from wiseops.domain.promises import Promise

IN_FLIGHT = frozenset({"queued", "claimed", "sending"})
COUNTS_AS_SENT = frozenset({"sent", "delivered", "unknown"})
REFUSED = frozenset({"failed", "undelivered"})
LEFT = COUNTS_AS_SENT | {"undelivered"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A message of a step on one channel, not cancelled; `at` when it was queued."""

    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """An engagement: its plan, its anchors (before `started`: what it matched) and how far it came.

    `done` the day each finished step was done; `calls` call tasks by step ("open", "done").
    `pushed_on` the day of the first part payment since the last step; `paid_on` of the last payment to an anchor.
    """

    id: int | None
    plan_id: int
    anchors: frozenset[int]
    started: bool = False
    attempts: Mapping[tuple[int, str], Attempt] = field(default_factory=dict)
    calls: Mapping[int, str] = field(default_factory=dict)
    done: Mapping[int, date] = field(default_factory=dict)
    no_channel_since: date | None = None
    follow_up: str | None = None
    follow_up_on: date | None = None
    pushed_on: date | None = None
    paid_on: date | None = None
    settled_on: date | None = None

    @property
    def has_trace(self) -> bool:
        """A message of it exists, or a call task: it no longer ends as if it had never been."""
        return bool(self.attempts or self.calls)

    @property
    def is_engaged(self) -> bool:
        """A message of it left, or a task of it was done."""
        return any(attempt.status in LEFT for attempt in self.attempts.values()) or "done" in self.calls.values()

    @property
    def reached(self) -> int:
        """The highest step that left or was given to a person; what comes back of an earlier one is not made up for."""
        if not self.attempts:
            return 0
        left = [step for (step, _), attempt in self.attempts.items() if attempt.status in LEFT]
        calls = [step for step, status in self.calls.items() if status != "cancelled"]
        return max((*left, *calls), default=0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Replies that nobody has dealt with: the oldest, and the company's days on which it and the latest came."""

    first_id: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One account as read at one `rev`. Days are the company's; `credit` is unallocated, positive minor units.

    `promises` are the open ones, `disputes` those that are watched; `due_tasks` the keys of what they ask people to do.
    """

    account_id: int
    items: tuple[Item, ...] = ()
    credit: Mapping[str, int] = field(default_factory=dict)
    kind: str = "business"
    country: str | None = None
    language: str | None = None
    zone: str | None = None
    tags: frozenset[str] = frozenset()
    has_email: bool = False
    has_sms: bool = False
    block: str | None = None
    block_review_on: date | None = None
    hold_until: date | None = None
    listed: frozenset[int] = frozenset()
    run: Run | None = None
    settled: tuple[Run, ...] = ()
    stopped: frozenset[int] = frozenset()
    last_contact_on: date | None = None
    last_step_on: date | None = None
    phone_zones: tuple[str, ...] = ()
    barred: tuple[tuple[str, str], ...] = ()
    contacts: tuple[tuple[date, str], ...] = ()
    task_keys: frozenset[str] = frozenset()
    promises: tuple[Promise, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    due_tasks: frozenset[str] = frozenset()
    waiting: Waiting | None = None
    rev: int = 0

    def book(self, today: date) -> Book:
        """What is owed on that day, and which part of it may be demanded."""
        return stand(self.items, self.credit, today, self.promises, self.disputes)

    @property
    def last_paid_on(self) -> date | None:
        """The day of the payment that settled the previous engagement."""
        return max((run.paid_on for run in self.settled if run.paid_on), default=None)

    def reaches(self, channel: str) -> bool:
        """Whether the account can be contacted that way. A call task needs no number: it says that it is missing."""
        if any(channel == other for other, _ in self.barred):
            return False
        return channel == "call" or (self.has_email if channel == "email" else self.has_sms)

    def without_attempt(self, step: int, channel: str) -> Snapshot:
        """The same account as if that message had not been queued: what the last look asks about."""
        if self.run is None:
            return self
        attempts = {key: attempt for key, attempt in self.run.attempts.items() if key != (step, channel)}
        return replace(self, run=replace(self.run, attempts=attempts))
