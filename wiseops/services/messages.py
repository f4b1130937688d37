"""The outbox: sends what is due, sweeps what was cut off, and takes a person's word on what is unclear."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from sqlalchemy import select

from wiseops.domain.automation.rules import Rules
from wiseops.domain.errors import Refused
from wiseops.domain.messages import CHANNELS, DEADLINE, SLICES, Failure, Sender, Status, slice_size
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.services import automation, channels, claims, deliveries, garbage, last_looks, locks, outcomes
from wiseops.services.claims import Claim
from wiseops.services.letters import Desk
from wiseops.services.outcomes import Outcome
from wiseops.services.transaction import transaction

STUCK = timedelta(seconds=2 * DEADLINE)
_NEAR = 0.3


@dataclass(slots=True)
class Sending:
    """What a drain did. `is_finished` False where its time was up before its work."""

    sent: int = 0
    cancelled: int = 0
    failed: int = 0
    unknown: int = 0
    is_finished: bool = True


def send_due(
    now: datetime,
    *,
    senders: Mapping[str, Sender],
    seconds: float | None = None,
    clock: Callable[[], datetime] | None = None,
    is_over: Callable[[], bool] = lambda: False,
    rules: Rules | None = None,
) -> Sending:
    """Sends what is due, slice by slice, until nothing is; after `seconds`, or when `is_over`, it begins no new slice.

    `senders` by channel, and `file`. `clock` tells the time while it lasts (None: it stays `now`); `rules` replaces
    the installation's own, pause included. Safe to run in any number of processes at once.
    """
    end = None if seconds is None else time.monotonic() + seconds
    drain = _Drain(senders, clock or (lambda: now), rules, lambda: is_over() or (end or inf) <= time.monotonic())
    try:
        for part in drain.slices():
            drain.wait_for_slot(part[0].channel)
            if drain.is_over():
                drain.result.is_finished = False
                break
            with garbage.kept():
                drain.send(part)
        drain.decide_changed()
    finally:
        claims.give_back(drain.worker)
    return drain.result


def sweep(now: datetime) -> int:
    """Claims that expired are queued again; what nobody can be sending any more is unknown from now on."""
    claims.expire(now)
    stuck = (Message.status == Status.SENDING, Message.sending_at < now - STUCK)
    rows = db.session.execute(select(Message.id, Message.account_id).where(*stuck)).all()
    if not rows:
        return 0
    lost = Outcome(Status.UNKNOWN, now, None, Failure.UNKNOWN, "cut_off")
    accounts = {row.account_id for row in rows}
    stored = outcomes.store({row.id: lost for row in rows}, accounts, now=now)
    automation.decide(accounts, now)
    return len(stored)


def settle(message_ids: Iterable[int], *, was_sent: bool, note: str, now: datetime, by_id: int | None) -> int:
    """A person says what became of unclear messages. Answers how many; one that is clear by now is left alone.

    Not sent permits the next channel of the step; sent is never taken back.
    """
    if not note.strip():
        raise Refused("Say how you know.", "note")
    unclear = (Message.id.in_(list(message_ids)), Message.status == Status.UNKNOWN)
    with transaction():
        accounts = locks.accounts(db.session.scalars(select(Message.account_id).where(*unclear)))
        rows = db.session.scalars(select(Message).where(*unclear).order_by(Message.id).with_for_update()).all()
        for row in rows:
            row.status = Status.SENT if was_sent else Status.FAILED
            row.sent_at = row.sending_at if was_sent else None
            row.settled_at, row.reason = now, note.strip()[:200]
            outcomes.tell(row, at=now, by_id=by_id)
        outcomes.follow(rows)
    automation.decide(accounts, now)
    return len(rows)


@dataclass(slots=True)
class _Drain:
    senders: Mapping[str, Sender]
    clock: Callable[[], datetime]
    rules: Rules | None
    is_over: Callable[[], bool]
    known: Desk | None = None
    changed: set[int] = field(default_factory=set)
    worker: str = field(default_factory=lambda: uuid.uuid4().hex)
    result: Sending = field(default_factory=Sending)

    def slices(self) -> Iterator[Sequence[Claim]]:
        """Claims a batch a channel in turn, until none has any."""
        while True:
            found = False
            for channel in CHANNELS:
                now = self.clock()
                claimed = claims.take(channel, worker=self.worker, now=now, paused=self._paused(now))
                if claimed:
                    found = True
                    yield from _parts(claimed, self._size(channel))
                    self.decide_changed()
            if not found:
                return

    def _size(self, channel: str) -> int:
        is_paced = self.senders[channel].reaches_people
        return slice_size(channel, channels.pace(channel)) if is_paced else SLICES[channel]

    def _paused(self, now: datetime) -> bool | None:
        return None if self.rules is None else self.rules.is_paused(now)

    def wait_for_slot(self, channel: str) -> None:
        """Sits out the channel's pace before anything is looked at, so that the look is fresh when the call begins."""
        while self.senders[channel].reaches_people and not self.is_over():
            left = channels.wait(channel, self.clock())
            if left <= _NEAR:
                return
            time.sleep(min(left, _NEAR))

    def send(self, part: Sequence[Claim]) -> None:
        looked = last_looks.take(
            part, worker=self.worker, senders=self.senders, now=self.clock(), rules=self.rules, known=self.known
        )
        self.known = looked.desk
        self.result.cancelled += looked.cancelled
        self.result.failed += looked.failed
        if looked.ready:
            stored = deliveries.deliver(looked, clock=self.clock, paused=self._paused(self.clock()))
            self._count(Counter(stored.values()))
            looked.changed.update(ready.account_id for ready in looked.ready)
        self.changed |= looked.changed

    def decide_changed(self) -> None:
        """Decides what the slices since the last time changed: together, since each look decides for itself anyway."""
        if self.changed:
            automation.decide(self.changed, self.clock(), rules=self.rules)
            self.changed = set()

    def _count(self, count: Counter[Status]) -> None:
        self.result.sent += count[Status.SENT]
        self.result.cancelled += count[Status.CANCELLED]
        self.result.failed += count[Status.FAILED]
        self.result.unknown += count[Status.UNKNOWN]


def _parts(claimed: Sequence[Claim], size: int) -> Iterator[list[Claim]]:
    """Slices of at most `size`, in which no account stands twice: its second message waits for the first."""
    waiting = list(claimed)
    while waiting:
        part: dict[int, Claim] = {}
        rest: list[Claim] = []
        for claim in waiting:
            if len(part) < size and claim.account_id not in part:
                part[claim.account_id] = claim
            else:
                rest.append(claim)
        yield list(part.values())
        waiting = rest
