"""Suppressions: an address that must not be used is the same for every account that has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from wiseops.domain.errors import Refused
from wiseops.domain.messages import Status
from wiseops.domain.suppressions import CHANNELS, Reason, normal
from wiseops.extensions import db
from wiseops.models import Message, Suppression
from wiseops.queries import company, contacts
from wiseops.queries import suppressions as queries
from wiseops.services import answers, automation, events, locks, outcomes
from wiseops.services.transaction import transaction

_WAITING = (Status.QUEUED, Status.CLAIMED)


def add(
    channel: str,
    address: str,
    *,
    reason: str,
    source: str,
    now: datetime,
    by_id: int | None = None,
    note: str = "",
    decides: bool = True,
) -> list[int]:
    """Nothing goes to this address on this channel any more, whoever it belongs to; what waits for it is cancelled.

    Answers the accounts that have it. Again for the same reason changes nothing and answers none.
    `decides` False: the caller decides about them after its own transaction.
    """
    if channel not in CHANNELS:
        raise Refused("Choose a channel.", "channel")
    address = normal(channel, address, company.get().country)
    with transaction():
        accounts = locks.accounts(queries.accounts_with(channel, address))
        values = {"channel": channel, "address": address, "reason": Reason(reason), "source": source, "at": now}
        if not _insert(values | {"by_id": by_id, "note": note.strip()[:200], "lift_note": ""}):
            return []
        _cancel(channel, address, accounts, reason=reason, now=now)
        _tell("address_suppressed", accounts, channel, address, reason, now=now, by_id=by_id, source=source)
    if decides:
        automation.decide(accounts, now)
    return accounts


def lift(suppression_id: int, *, note: str, now: datetime, by_id: int | None) -> None:
    """A person says why the address may be used again. Once lifted, again changes nothing."""
    if not note.strip():
        raise Refused("Say why it may be used again.", "note")
    with transaction():
        row = queries.get(suppression_id)
        if row.lifted_at is not None:
            return
        accounts = _lift(row.channel, row.address, Reason(row.reason), note=note, now=now, by_id=by_id)
    automation.decide(accounts, now)


def opt_in(channel: str, address: str, *, now: datetime, note: str = "", decides: bool = True) -> list[int]:
    """The owner of the address asks to be written to again: ends what they asked for, never a bounce or complaint."""
    address = normal(channel, address)
    with transaction():
        accounts = _lift(channel, address, Reason.OPTED_OUT, note=note, now=now, by_id=None)
    if decides:
        automation.decide(accounts, now)
    return accounts


def _insert(values: dict[str, object]) -> bool:
    """Whether it is new: two that say the same at one moment make one."""
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Suppression).values(values).on_conflict_do_nothing().returning(Suppression.id)
    return db.session.scalar(statement) is not None


def _lift(channel: str, address: str, reason: Reason, *, note: str, now: datetime, by_id: int | None) -> list[int]:
    """Accounts first, as everywhere: whoever adds the same at this moment waits, and none waits for the other."""
    accounts = locks.accounts(queries.accounts_with(channel, address))
    stands = (Suppression.channel == channel, Suppression.address == address, Suppression.reason == reason)
    lifted = (
        update(Suppression)
        .where(*stands, Suppression.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by_id=by_id, lift_note=note.strip()[:200])
        .returning(Suppression.id)
    )
    if not db.session.scalars(lifted).all():
        return []
    _tell("suppression_lifted", accounts, channel, address, reason, now=now, by_id=by_id)
    return accounts


def _cancel(channel: str, address: str, account_ids: Sequence[int], *, reason: str, now: datetime) -> None:
    """What waits to go there: automatic messages of accounts whose default it is, and whatever names it already."""
    is_default = {
        contact.account_id
        for contact in contacts.sharing(channel, address)
        if (contact.default_email if channel == "email" else contact.default_sms)
    }
    to_default = Message.automated & Message.account_id.in_(is_default)
    waiting = (
        Message.account_id.in_(account_ids),
        Message.channel == channel,
        Message.status.in_(_WAITING),
        or_(to_default, func.lower(Message.to_address) == address),
    )
    cancelled = (
        update(Message)
        .where(*waiting)
        .values(status=Status.CANCELLED, reason=reason, settled_at=now, claimed_by=None, claimed_until=None)
        .returning(Message)
    )
    rows = db.session.scalars(cancelled.execution_options(populate_existing=True)).all()
    for row in rows:
        outcomes.tell(row, at=now)
    answers.reopen(rows)


def _tell(
    kind: str,
    account_ids: Sequence[int],
    channel: str,
    address: str,
    reason: str,
    *,
    now: datetime,
    by_id: int | None,
    **facts: str,
) -> None:
    for account_id in account_ids:
        told = {"channel": channel, "address": address, "reason": str(reason), **facts}
        events.record(kind, account_id=account_id, at=now, by_id=by_id, **told)
    automation.touch(account_ids)
