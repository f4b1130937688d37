"""Deliveries: the calls of one slice. No transaction is open while a call lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from wiseops.domain.messages import Failure, SendFailed, Status
from wiseops.queries import automation as queries
from wiseops.queries import sending
from wiseops.services import channels, outcomes
from wiseops.services.looks import Looked, Ready
from wiseops.services.outcomes import Outcome
from wiseops.services.transaction import end_read, transaction

BEGINS_WITHIN = 0.8
"""Seconds after its pause read in which a slice may still begin a call."""

_STATUSES = {
    Failure.REJECTED: Status.FAILED,
    Failure.TRY_LATER: Status.QUEUED,
    Failure.CHANNEL: Status.QUEUED,
    Failure.UNKNOWN: Status.UNKNOWN,
}
_under_way: list[_Slice] = []


def deliver(looked: Looked, *, clock: Callable[[], datetime], paused: bool | None = None) -> dict[int, Status]:
    """Hands the slice to its senders and commits what came of it, whatever else happens meanwhile."""
    part = _Slice(looked, clock, paused)
    _under_way.append(part)
    try:
        part.call()
    finally:
        _under_way.remove(part)
        stored = part.store()
    return stored


def cut_off(now: datetime) -> None:
    """The process must end now: what is known of every slice under way is committed, an open call as unknown."""
    for part in list(_under_way):
        part.clock = lambda: now
        part.store()


@dataclass(slots=True, eq=False)
class _Slice:
    """What is known of each call, at any moment; `broken` is what ended them. `paused` None: as the switch says."""

    looked: Looked
    clock: Callable[[], datetime]
    paused: bool | None = None
    known: dict[int, Outcome] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)
    broken: SendFailed | None = None
    was_unclear: bool = False

    @property
    def channel(self) -> str:
        return self.looked.ready[0].outbound.channel

    def call(self) -> None:
        """One call after the other, until an answer is not clear or the pause read is too old."""
        read_at = time.monotonic()
        for ready in self._allowed():
            self._wait(ready, read_at)
            if time.monotonic() - read_at >= BEGINS_WITHIN:
                return
            self.begun.add(ready.message_id)
            try:
                taken = ready.sender.send(ready.outbound)
            except SendFailed as failed:
                self.known[ready.message_id] = _outcome(failed, self.clock())
                if failed.timed_out or failed.failure in (Failure.UNKNOWN, Failure.CHANNEL):
                    self.broken = failed
                    return
            else:
                self.known[ready.message_id] = Outcome(Status.SENT, self.clock(), taken.provider_id, None, taken.note)

    def _allowed(self) -> list[Ready]:
        """What may go, read once more: a look that had to wait for locks may be old by now."""
        switch, channel = sending.gates(self.channel)
        now, self.was_unclear = self.clock(), channel.unclear > 0
        paused = queries.is_paused(switch, now) if self.paused is None else self.paused
        shut = sending.is_shut(switch, channel, now)
        allowed = [] if shut else [ready for ready in self.looked.ready if not (paused and ready.automated)]
        end_read()  # no transaction is open while a call lasts
        return allowed

    def _wait(self, ready: Ready, read_at: float) -> None:
        if ready.slot is not None:
            left = read_at + BEGINS_WITHIN - time.monotonic()
            pause = min((ready.slot - self.clock()).total_seconds(), left)
            if pause > 0:
                time.sleep(pause)

    def store(self) -> dict[int, Status]:
        """A call without an answer may have been accepted; one that never began was not."""
        now = self.clock()
        lost = Outcome(Status.UNKNOWN, now, None, Failure.UNKNOWN, "cut_off")
        known = {
            ready.message_id: self.known.get(ready.message_id)
            or (lost if ready.message_id in self.begun else Outcome(Status.QUEUED, now))
            for ready in self.looked.ready
        }
        accounts = {ready.account_id for ready in self.looked.ready}
        with transaction():
            stored = outcomes.store(known, accounts, now=now, paused=self.paused)
            self._judge(now)
        return stored

    def _judge(self, now: datetime) -> None:
        """What the answers say about the channel itself."""
        was_taken = any(outcome.status is Status.SENT for outcome in self.known.values())
        if self.broken is None:
            if self.was_unclear and was_taken:
                channels.trust(self.channel)
        elif self.broken.failure is Failure.CHANNEL:
            channels.stop(self.channel, reason=self.broken.detail, now=now)
        else:
            channels.doubt(self.channel, timed_out=self.broken.timed_out, is_first=was_taken, now=now)


def _outcome(failed: SendFailed, at: datetime) -> Outcome:
    return Outcome(_STATUSES[failed.failure], at, None, failed.failure, failed.detail, failed.retry_after)
