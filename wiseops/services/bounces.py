"""Bounces and complaints that come by mail: believed as far as they are about something we sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from wiseops.domain.bounces import Verdict
from wiseops.domain.messages import Status, before
from wiseops.domain.suppressions import Reason
from wiseops.extensions import db
from wiseops.formats.bounces import Finding, Notice
from wiseops.formats.email_events import EmailEvent, local_part
from wiseops.formats.payloads import text
from wiseops.models import Message
from wiseops.queries import messages
from wiseops.queries import suppressions as known
from wiseops.services import locks, statuses
from wiseops.services.statuses import Effect
from wiseops.services.transaction import transaction

RECENT = timedelta(days=7)
"""How long after a message a notice that names only its address is taken to be about it: servers try for five days."""

_RETURNED = {Verdict.HARD, Verdict.SOFT, Verdict.BLOCKED}
_UNPROVEN = {Verdict.HARD: Verdict.SOFT, Verdict.COMPLAINT: Verdict.OPTED_OUT}
"""What anybody could have written counts for less: as what the address itself can undo."""

_ASKED = {Verdict.COMPLAINT: Reason.COMPLAINT, Verdict.OPTED_OUT: Reason.OPTED_OUT}


@dataclass(frozen=True, slots=True)
class _Matched:
    """One addressee of a message of ours. Not `proven`: only the address says that it is this message."""

    message: Message
    address: str
    finding: Finding
    proven: bool


def receive(notice: Notice, *, now: datetime) -> Effect:
    """Lets a notice have its effect. `unknown_reference`: about nothing that we sent, so that nothing follows.

    The caller decides about the accounts.
    """
    with transaction():
        matched = _match(notice.findings, notice.references, now)
        if not matched:
            return Effect("unknown_reference")
        owners = {each.message.account_id for each in matched}
        for each in matched:
            owners.update(known.accounts_with("email", each.address))
        accounts = locks.accounts(owners)
        outcomes = [_apply(each, now) for each in matched]
        outcome = next((each for each in outcomes if each != "kept"), "kept")
        return Effect(outcome, accounts, about=matched[0].message)


def _match(findings: Sequence[Finding], references: Sequence[str], now: datetime) -> list[_Matched]:
    """By our own reference; by the address alone only where the notice names no message at all."""
    message = next((found for reference in references if (found := _referred_to(reference))), None)
    if message is not None:
        return [_addressed(message, finding) for finding in findings]
    if references:
        return []
    recent = [(finding, _recent(finding.addresses, now)) for finding in findings]
    return [_Matched(found, _went_to(found), finding, proven=False) for finding, found in recent if found]


def _referred_to(reference: str) -> Message | None:
    found = messages.referred_to((reference, local_part(reference)), reference)
    return found if found and found.channel == "email" else None


def _addressed(message: Message, finding: Finding) -> _Matched:
    """Whom of the message's addressees it is about; what was forwarded elsewhere counts for the one we wrote to."""
    ours = {_went_to(message), *(copy.lower() for copy in message.cc)}
    named = next((address for address in finding.addresses if address in ours), None)
    proven = named is not None or finding.verdict in _ASKED
    return _Matched(message, named or _went_to(message), finding, proven)


def _recent(addresses: Sequence[str], now: datetime) -> Message | None:
    owners = {account for address in addresses for account in known.accounts_with("email", address)}
    sent = (Message.account_id.in_(owners), Message.channel == "email", messages.WENT_TO.in_(addresses))
    may_come_back = Message.status.in_(before(Status.UNDELIVERED))
    query = select(Message).where(*sent, may_come_back, Message.sending_at >= now - RECENT)
    return db.session.scalar(query.order_by(Message.sending_at.desc(), Message.id.desc()).limit(1))


def _apply(matched: _Matched, now: datetime) -> str:
    finding = matched.finding
    verdict = finding.verdict
    if not matched.proven:
        verdict = _UNPROVEN.get(verdict, verdict)
    reason = Reason.BOUNCED if verdict == Verdict.HARD else _ASKED.get(verdict)
    event = EmailEvent(
        event_id="",
        kind="notice",
        address=matched.address,
        refs=(matched.message.ref,),
        provider_id="",
        status=Status.UNDELIVERED if verdict in _RETURNED else None,
        reason=reason,
        detail=text(finding.words if verdict == Verdict.SOFT else f"{verdict}: {finding.words}"),
        soft=verdict == Verdict.SOFT,
    )
    outcome = statuses.of_email(event, now=now, source="bounce").outcome
    return str(reason) if outcome == "kept" and reason else outcome


def _went_to(message: Message) -> str:
    return (message.diverted_to or message.to_address).lower()
