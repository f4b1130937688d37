"""Lives through a span of time moment by moment, as passes and workers would: for replays and the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from wiseops.domain.automation.rules import Rules
from wiseops.domain.messages import Sender
from wiseops.extensions import db
from wiseops.models import Account, Message
from wiseops.services import automation, messages

_ROUNDS = 1000
_WAITING = select(Message.id).where(Message.status == "queued", Message.not_before <= bindparam("now")).limit(1)


@dataclass(slots=True)
class Lived:
    """What passes and workers did in the span."""

    evaluated: int = 0
    queued: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    """`then` does what people do at a moment, and says whether it did anything."""

    rules: Rules
    senders: Mapping[str, Sender]
    then: Callable[[datetime], bool] = lambda now: False

    def live(self, start: datetime, end: datetime) -> Lived:
        """From `start` up to `end`: at each moment at which something could happen until nothing is left to do."""
        lived, now = Lived(), start
        while True:
            self._come_to_rest(now, lived)
            coming = _next(now, end)
            if coming is None:
                return lived
            now = coming

    def _come_to_rest(self, now: datetime, lived: Lived) -> None:
        for _ in range(_ROUNDS):
            done = automation.run(now, rules=self.rules)
            lived.evaluated += done.evaluated
            lived.queued += done.queued
            sent = messages.send_due(now, senders=self.senders, rules=self.rules).sent if _waits(now) else 0
            lived.sent += sent
            if not self.then(now) and not sent:
                return
        raise RuntimeError(f"the book never comes to rest at {now.isoformat()}")


def _waits(now: datetime) -> bool:
    return db.session.scalar(_WAITING, {"now": now}) is not None


def _next(now: datetime, end: datetime) -> datetime | None:
    """The next moment before `end` at which an account wakes or a message may be tried again."""
    wakes = select(func.min(Account.wake_at)).where(Account.wake_at > now, Account.wake_at < end)
    retries = select(func.min(Message.not_before)).where(
        Message.status == "queued", Message.not_before > now, Message.not_before < end
    )
    return min((at for at in (db.session.scalar(wakes), db.session.scalar(retries)) if at), default=None)
