"""Channels: how fast each may go, over all workers, and whether it is stopped, or rests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.domain.messages import PATIENCE, rests_until
from wiseops.extensions import db
from wiseops.models import Channel
from wiseops.queue import ring
from wiseops.services import events
from wiseops.services.transaction import transaction


def stop(name: str, *, reason: str, now: datetime) -> None:
    """Nothing goes on the channel until a person starts it again; what waits stays queued."""
    with transaction():
        channel = _locked(name)
        if channel.stopped_at is None:
            channel.stopped_at, channel.stop_reason = now, reason[:200]
            events.record("channel_stopped", account_id=None, at=now, channel=name, reason=channel.stop_reason)


def start(name: str, *, now: datetime, by_id: int | None) -> None:
    """The reason it was stopped for, or rests, is gone: what waits goes, after its last look."""
    with transaction():
        channel = _locked(name)
        channel.stopped_at, channel.stop_reason = None, ""
        channel.unclear, channel.rests_until = 0, None
        events.record("channel_started", account_id=None, at=now, by_id=by_id, channel=name)
        ring("messages.send", queue="send")


def doubt(name: str, *, timed_out: bool, is_first: bool, now: datetime) -> None:
    """An answer was not clear, the `is_first` since a clear one or one more: in time the channel rests.

    While it rests, what other workers had on the wire is of the same trouble and makes it no longer.
    """
    with transaction():
        channel = _locked(name)
        if channel.rests_until is None or channel.rests_until <= now:
            before = 0 if is_first else channel.unclear
            channel.unclear = before + (PATIENCE if timed_out else 1)
            channel.rests_until = rests_until(channel.unclear, now)


def trust(name: str) -> None:
    """Messages are taken again."""
    with transaction():
        channel = _locked(name)
        channel.unclear, channel.rests_until = 0, None


def take_slots(name: str, count: int, now: datetime) -> list[datetime]:
    """The moments from which the next calls may begin, reserved for the running transaction."""
    channel = _locked(name)
    first = max(channel.next_slot_at or now, now)
    apart = timedelta(seconds=1 / channel.per_second)
    channel.next_slot_at = first + count * apart
    return [first + position * apart for position in range(count)]


def pace(name: str) -> int:
    """How many messages a second the channel takes."""
    return db.session.scalars(select(Channel.per_second).where(Channel.name == name)).one()


def wait(name: str, now: datetime) -> float:
    """Seconds until the channel has a slot."""
    slot = db.session.scalar(select(Channel.next_slot_at).where(Channel.name == name))
    return max(0.0, (slot - now).total_seconds()) if slot else 0.0


def _locked(name: str) -> Channel:
    query = select(Channel).where(Channel.name == name).with_for_update()
    channel = db.session.scalar(query.execution_options(populate_existing=True))
    if channel is None:
        raise NotFound(f"channel {name}")
    return channel
