"""Outcomes: what came of a message's call, committed with everything that follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from wiseops.domain.messages import MOST_ATTEMPTS, Failure, Status, before, retry_at
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.queries import automation as queries
from wiseops.queries.among import among
from wiseops.services import answers, automation, contacted, events, locks
from wiseops.services.transaction import transaction

_THESE = (
    select(Message)
    .where(among(Message.id))
    .order_by(Message.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of one call. Queued without a `failure`: it never began. `retry_after`: as SendFailed has it."""

    status: Status
    at: datetime
    provider_id: str | None = None
    failure: Failure | None = None
    detail: str = ""
    retry_after: int = 0


def store(
    known: Mapping[int, Outcome], account_ids: Collection[int], *, now: datetime, paused: bool | None = None
) -> dict[int, Status]:
    """Commits these outcomes by message. Answers each one's status; a message that moved on is left alone.

    `paused` None: as the switch says.
    """
    with transaction():
        locks.accounts(account_ids)
        if paused is None and any(outcome.status is Status.QUEUED for outcome in known.values()):
            paused = queries.is_paused(queries.switch(), now)
        found = db.session.scalars(_THESE, {"ids": known})
        rows = [row for row in found if row.status in before(known[row.id].status)]
        for row in rows:
            _store(row, known[row.id], paused=bool(paused))
        events.record_all([_told(row, known[row.id].at) for row in rows if row.status != Status.QUEUED])
        follow(rows)
        return {row.id: Status(row.status) for row in rows}


def follow(rows: Sequence[Message]) -> None:
    """What else changes with these messages, inside the transaction that changed them: the caller decides after it."""
    db.session.flush()
    contacted.note({row.engagement_id for row in rows if row.engagement_id is not None})
    answers.reopen(rows)
    automation.touch({row.account_id for row in rows})


def tell(row: Message, *, at: datetime, by_id: int | None = None) -> None:
    """Puts where the message is now on its account's timeline."""
    events.record_all([_told(row, at, by_id)])


def _told(row: Message, at: datetime, by_id: int | None = None) -> dict[str, Any]:
    facts = {"message": row.id, "channel": row.channel, "step": row.step, "reason": row.reason}
    return {"kind": f"message_{row.status}", "account_id": row.account_id, "at": at, "by_id": by_id, "facts": facts}


def _store(row: Message, outcome: Outcome, *, paused: bool) -> None:
    row.status, row.reason = outcome.status, outcome.detail
    row.claimed_by = row.claimed_until = None
    if outcome.status is Status.SENT:
        row.sent_at, row.provider_id = outcome.at, outcome.provider_id
    elif outcome.status is Status.QUEUED:
        _wait_again(row, outcome, paused=paused)
    if row.status in (Status.FAILED, Status.CANCELLED):
        row.settled_at = outcome.at


def _wait_again(row: Message, outcome: Outcome, *, paused: bool) -> None:
    """Nothing left: the same row goes later, unless it was tried too often or automation is paused now."""
    row.sending_at = None
    if outcome.failure is Failure.TRY_LATER:
        row.attempts += 1
        row.not_before = retry_at(row.attempts, outcome.at, retry_after=outcome.retry_after)
        if row.attempts >= MOST_ATTEMPTS:
            row.status, row.reason = Status.FAILED, f"given_up: {outcome.detail}"[:200]
    if paused and row.automated and row.status == Status.QUEUED:
        row.status, row.reason = Status.CANCELLED, "paused"
