"""What suspends an engagement: it keeps its state and goes on afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from wiseops.domain import money
from wiseops.domain.automation import disputed, replied
from wiseops.domain.automation.decision import Reason
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.positions import Standing
from wiseops.domain.promises import breaks_on


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` None: no clock ends it. `plans_ahead`: what would go can still be said."""

    reason: Reason
    until: datetime | None
    plans_ahead: bool
    keeps_stage: bool = False


def holds(snapshot: Snapshot, rules: Rules, anchors: list[Standing], now: datetime) -> list[Hold]:
    """Everything that suspends the account now, the account's own holds first."""
    return list(_holds(snapshot, rules, anchors, now))


def _holds(snapshot: Snapshot, rules: Rules, anchors: list[Standing], now: datetime) -> Iterator[Hold]:
    if snapshot.waiting is not None:
        over = replied.holds_until(snapshot.waiting.last_on, rules)
        if rules.today(now) < over:
            facts = {"since": snapshot.waiting.first_on.isoformat(), "until": over.isoformat()}
            yield Hold(Reason("reply", facts), rules.midnight(over), True, True)
    if snapshot.hold_until is not None and rules.today(now) < snapshot.hold_until:
        until = rules.midnight(snapshot.hold_until)
        yield Hold(Reason("hold", {"until": snapshot.hold_until.isoformat()}), until, True, True)
    if anchors and not any(standing.collectable for standing in anchors):
        yield _kept(snapshot, rules, anchors)
    if rules.stale_at is not None and now >= rules.stale_at:
        yield Hold(Reason("ledger_old", {"since": rules.stale_at.isoformat()}), None, False, True)
    if rules.is_paused(now):
        until_text = rules.pause_until.isoformat() if rules.pause_until else None
        yield Hold(Reason("paused", {"until": until_text}), rules.pause_until, True, True)


def _kept(snapshot: Snapshot, rules: Rules, anchors: list[Standing]) -> Hold:
    """What keeps the oldest anchor; a promise does so until it breaks."""
    if anchors[0].kept_by in (None, "dispute"):
        return Hold(disputed.reason(snapshot, anchors[0]), None, False)
    reason = Reason(str(anchors[0].kept_by), {"item": anchors[0].item.number})
    if reason.code != "promise":
        return Hold(reason, None, False)
    promise = next(promise for promise in snapshot.promises if promise.covers(anchors[0].item))
    until = breaks_on(promise, rules.promise_grace)
    amount = {"amount": money.plain(promise.left, promise.currency), "currency": promise.currency}
    reason.facts.update(amount, due_on=promise.due_on.isoformat(), until=until.isoformat())
    return Hold(reason, rules.midnight(until), False)
