"""Senders for tests: one that keeps what it gets, others that do what a network may do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from wiseops.domain.messages import Accepted, Failure, Outbound, SendFailed
from wiseops.doubles.orders import Sink
from wiseops.extensions import db
from wiseops.models import Automation, Channel, Message
from wiseops.services.sending import FASTEST
from wiseops.services.transaction import transaction


@dataclass
class Recorder:
    """Keeps what it gets. `answer` is asked before each: it may raise what a network raises."""

    answer: Callable[[Outbound], None] = lambda _outbound: None
    reaches_people: bool = False
    name: str = "recorder"
    sent: list[Outbound] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, outbound: Outbound) -> Accepted:
        self.answer(outbound)
        with self.lock:
            self.sent.append(outbound)
        return Accepted(f"id-{outbound.ref}")


class Watch(Sink):
    """A sink that knows when each request began."""

    def __init__(self) -> None:
        super().__init__()
        self.began: list[float] = []

    def ask(self, ref: str) -> None:
        self.began.append(time.monotonic())
        super().ask(ref)


def senders(email: Recorder, sms: Recorder | None = None, file: Recorder | None = None) -> dict[str, Recorder]:
    return {"email": email, "sms": sms or email, "file": file or email}


def failing(failure: Failure, detail: str = "told so", **more: Any) -> Callable[[Outbound], None]:
    """An answer that is always this failure."""

    def answer(_outbound: Outbound) -> None:
        raise SendFailed(failure, detail, **more)

    return answer


def messages_of(account_id: int) -> list[Message]:
    query = select(Message).where(Message.account_id == account_id).order_by(Message.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def the_message(account_id: int) -> Message:
    """The account's only message."""
    (message,) = messages_of(account_id)
    return message


def statuses(account_id: int) -> list[tuple[str, str]]:
    return [(message.channel, message.status) for message in messages_of(account_id)]


def live() -> None:
    """Messages reach people, without waiting for one another."""
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"
        db.session.execute(update(Channel).values(per_second=FASTEST))


def put_aside(message_id: int) -> tuple[str, bool]:
    """Takes the message out of the next one's way: its status, and whether it stopped its channel (it is as before)."""
    with transaction():
        row = db.session.get_one(Message, message_id, populate_existing=True)
        channel = db.session.scalars(select(Channel).where(Channel.name == row.channel)).one()
        ended = row.status, channel.stopped_at is not None
        row.status, channel.stopped_at = "cancelled", None
        channel.unclear, channel.rests_until = 0, None
    return ended
