"""Statuses: what a provider says later became of a message. Whatever order they come in, the end is the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from wiseops.domain.errors import Refused
from wiseops.domain.messages import Status, before
from wiseops.domain.suppressions import Reason
from wiseops.extensions import db
from wiseops.formats.email_events import EmailEvent
from wiseops.formats.vonage import Report
from wiseops.models import Message
from wiseops.queries import messages
from wiseops.queries import suppressions as known
from wiseops.services import locks, outcomes, returns, suppressions
from wiseops.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of it, as a code, and the accounts to decide about. `about`: the message that a mail speaks of."""

    outcome: str
    account_ids: Sequence[int] = ()
    about: Message | None = None


def of_sms(report: Report, *, now: datetime) -> Effect:
    """Moves the message on; a number that can never take one, or was told to stop, is not used again."""
    with transaction():
        message = messages.referred_to([report.ref], report.provider_id)
        accounts = _lock(message, "sms", report.to if report.reason else "")
        outcome = _move(message, report.status, report.provider_id, report.detail, now)
        found = _suppress("sms", report.to, report.reason, "event", now) if report.reason else []
        _ask(message, outcome, found, now)
        return Effect(outcome, accounts)


def of_email(event: EmailEvent, *, now: datetime, source: str = "event") -> Effect:
    """The same for an e-mail. What became of a copy says nothing about the message. `source` is what said so."""
    is_news = bool(event.reason) or event.resubscribed or event.soft
    if event.status is None and not is_news:
        return Effect("kept")
    with transaction():
        message = messages.referred_to(event.refs, event.provider_id)
        accounts = _lock(message, "email", event.address if is_news else "")
        went_to = (message.diverted_to or message.to_address).lower() if message else event.address
        status = event.status if went_to == event.address else None
        outcome = _move(message, status, "", returns.in_words(event), now)
        is_full = event.soft and outcome == Status.UNDELIVERED and returns.is_the_rule(event.address)
        reason = Reason.BOUNCED if is_full else event.reason
        found = _suppress("email", event.address, reason, source, now) if reason else []
        if event.resubscribed and not reason:
            suppressions.opt_in("email", event.address, now=now, decides=False)
        _ask(message, outcome, found, now)
        return Effect(outcome, accounts)


def _lock(message: Message | None, channel: str, address: str) -> list[int]:
    """Every account that this will write to, locked at once and in their order."""
    owners = set(known.accounts_with(channel, address)) if address else set()
    return locks.accounts(owners | ({message.account_id} if message else set()))


def _move(message: Message | None, status: Status | None, provider_id: str, detail: str, now: datetime) -> str:
    if message is None:
        return "unknown_reference"
    if status is None:
        return "kept"
    query = select(Message).where(Message.id == message.id).with_for_update()
    row = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if row.status not in before(status):
        if row.status == status == Status.UNDELIVERED:
            row.reason = max(row.reason, detail)  # The same of two reasons, whichever came first.
        return "no_news"
    row.reason = detail or ("" if row.status == Status.UNKNOWN else row.reason)
    row.status = status
    row.claimed_by = row.claimed_until = None
    row.sent_at = row.left_at
    row.provider_id = row.provider_id or provider_id or None
    if status is not Status.SENT:
        row.settled_at = now
    outcomes.tell(row, at=now)
    outcomes.follow([row])
    return str(status)


def _suppress(channel: str, address: str, reason: Reason, source: str, now: datetime) -> list[int]:
    """The accounts that lost an address by it: those that somebody should find another one for."""
    try:
        accounts = suppressions.add(channel, address, reason=reason, source=source, now=now, decides=False)
    except Refused:
        return []  # What the provider names is no address: nobody can have it.
    if reason not in (Reason.BOUNCED, Reason.INVALID):
        return []
    for account_id in accounts:
        returns.find_another(account_id, channel, address, reason=reason, now=now)
    return accounts


def _ask(message: Message | None, outcome: str, lost: Sequence[int], now: datetime) -> None:
    """A person's message that did not arrive is for that person, unless its address is searched for anyway."""
    if message and outcome == Status.UNDELIVERED and not message.automated and message.account_id not in lost:
        returns.tell_author(message, now=now)
