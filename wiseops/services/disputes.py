"""Disputes: opened, changed and decided by people. That one is credited or settled is never said by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from wiseops.domain import attachments
from wiseops.domain import disputes as rules
from wiseops.domain.attachments import Upload
from wiseops.domain.disputes import RESTING, Ground, Status
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.domain.submissions import quoted
from wiseops.extensions import db
from wiseops.models import Allocation, Dispute, DisputeFile, Entry, User
from wiseops.queries import company, entries
from wiseops.queries import disputes as known
from wiseops.services import automation, files, judgements, locks, submissions, tasks
from wiseops.services.transaction import transaction

LONGEST_NOTES = 2000
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer says, who decides about it and by when; `amount` None: the whole item is disputed."""

    amount: Money | None
    ground: str
    due_on: date
    owner_id: int | None = None
    notes: str = ""
    evidence: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """`verdict`: upheld, split (`amount` is upheld of what rests), rejected or withdrawn. `note`: why.

    `seen`: its status as whoever rules saw it. What was undecided then is not withdrawn once somebody decided.
    """

    verdict: Status
    amount: Money | None = None
    note: str = ""
    seen: str = ""


def open(account_id: int, entry_id: int, claim: Claim, *, token: str = "", now: datetime, by_id: int | None) -> int:
    """Opens a dispute over an open debit, once per form `token`. Refused where one rests already. Its id."""
    with transaction():
        locks.account(account_id)
        content = _content(entry_id, claim)
        if (made := submissions.made(token, content)) is not None:
            return made
        entry = entries.get(account_id, entry_id)
        db.session.refresh(entry)
        _refuse_second(entry)
        dispute = Dispute(account_id=account_id, entry_id=entry_id, currency=entry.currency)
        dispute.opened_at, dispute.opened_by_id = now, by_id
        dispute.last_allocation_id = _last_allocation(account_id)
        _fill(dispute, claim, entry.open, now)
        db.session.add(dispute)
        db.session.flush()
        _keep(dispute, claim.evidence, now=now, by_id=by_id)
        judgements.tell_dispute("dispute_opened", dispute, at=now, by_id=by_id, reason=dispute.notes[:LONGEST_NOTE])
        submissions.keep(token, dispute.id, content, _said(dispute), now=now)
        automation.touch([account_id])
    automation.decide([account_id], now)
    return dispute.id


def change(
    account_id: int, dispute_id: int, claim: Claim, *, token: str = "", now: datetime, by_id: int | None
) -> None:
    """Takes what is said now for what was said before, once per form `token`. Refused once a person decided."""
    with transaction():
        locks.account(account_id)
        content = _content(dispute_id, claim)
        if submissions.made(token, content) is not None:
            return
        dispute = _undecided(account_id, dispute_id)
        entry = entries.get(account_id, dispute.entry_id)
        _fill(dispute, claim, entry.open, now)
        _keep(dispute, claim.evidence, now=now, by_id=by_id)
        db.session.flush()
        judgements.tell_dispute("dispute_changed", dispute, at=now, by_id=by_id)
        submissions.keep(token, dispute.id, content, _said(dispute), now=now)
        automation.touch([account_id])
    automation.decide([account_id], now)


def rule(account_id: int, dispute_id: int, ruling: Ruling, *, now: datetime, by_id: int | None) -> None:
    """A person decides, or withdraws it, which they may after they upheld it as well."""
    with transaction():
        locks.account(account_id)
        may_be_decided = ruling.verdict == Status.WITHDRAWN and ruling.seen != Status.OPEN
        dispute = _resting(account_id, dispute_id) if may_be_decided else _undecided(account_id, dispute_id)
        note = _checked(ruling)
        if ruling.verdict in (Status.UPHELD, Status.SPLIT):
            _grant(dispute, ruling)
        dispute.decided_at, dispute.decided_by_id, dispute.decision_note = now, by_id, note
        db.session.flush()
        judgements.settle(dispute, ruling.verdict, at=now, by_id=by_id, reason=note)
        automation.touch([account_id])
    automation.decide([account_id], now)


def _content(of_id: int, claim: Claim) -> tuple[int, int | None, Claim]:
    """What the form says. Its amount has no currency of its own: that is read from what is open at the time."""
    return of_id, claim.amount.minor if claim.amount else None, replace(claim, amount=None)


def _said(dispute: Dispute) -> str:
    notes = f" and the words {quoted(dispute.notes)}" if dispute.notes else ""
    return f"a dispute of {Money(dispute.amount, dispute.currency)} to be decided by {dispute.due_on}{notes}"


def _fill(dispute: Dispute, claim: Claim, still_open: int, now: datetime) -> None:
    part = rules.check_amount(claim.amount, currency=dispute.currency, open=still_open)
    if claim.ground not in list(Ground):
        raise Refused("Choose why.", "ground")
    if claim.due_on != dispute.due_on:
        rules.check_deadline(claim.due_on, company.today(now))
    if len(claim.notes) > LONGEST_NOTES:
        raise Refused(f"Use at most {LONGEST_NOTES} characters.", "notes")
    tasks.check_assignee(claim.owner_id)
    dispute.amount, dispute.is_whole = part or still_open, part is None
    dispute.ground, dispute.due_on = claim.ground, claim.due_on
    dispute.owner_id, dispute.notes = claim.owner_id, claim.notes.strip()


def _refuse_second(entry: Entry) -> None:
    of_entry = (Dispute.entry_id == entry.id, Dispute.status.in_(RESTING))
    first = db.session.execute(
        select(Dispute, User.name).outerjoin(User, User.id == Dispute.opened_by_id).where(*of_entry)
    ).first()
    if first is None:
        return
    dispute, name = first
    at = dispute.opened_at.astimezone(ZoneInfo(company.get().timezone))
    amount = Money(dispute.amount, dispute.currency)
    who = f"{name or 'Somebody'} noted a dispute of {amount} over it on {at:%Y-%m-%d} at {at:%H:%M}"
    raise Refused(f"{who}. Change or decide that one.", "amount")


def _undecided(account_id: int, dispute_id: int) -> Dispute:
    dispute = known.get(account_id, dispute_id)
    if dispute.status == Status.OPEN:
        return dispute
    name = db.session.scalar(select(User.name).where(User.id == dispute.decided_by_id))
    words = f"{name} decided it already" if name else "It is over already"
    raise Refused(f"{words}: it is {dispute.status}. Look at the list again.")


def _resting(account_id: int, dispute_id: int) -> Dispute:
    dispute = known.get(account_id, dispute_id)
    if dispute.status not in RESTING:
        raise Refused(f"It is over already: it is {dispute.status}. Look at the list again.")
    return dispute


def _checked(ruling: Ruling) -> str:
    note = ruling.note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(f"Use at most {LONGEST_NOTE} characters.", "note")
    if not note and ruling.verdict in (Status.REJECTED, Status.WITHDRAWN):
        raise Refused("Say why.", "note")
    return note


def _grant(dispute: Dispute, ruling: Ruling) -> None:
    """Of what rests, all or a part is upheld; credit that comes from now on is for that."""
    (listed,) = [row for row in known.of_account(dispute.account_id, resting=True) if row.dispute.id == dispute.id]
    part = listed.rests
    if ruling.verdict == Status.SPLIT:
        part = rules.check_split(ruling.amount, currency=dispute.currency, rests=listed.rests)
    if dispute.is_whole:
        dispute.amount = listed.rests
    dispute.granted, dispute.is_split = part, ruling.verdict == Status.SPLIT
    dispute.last_allocation_id = _last_allocation(dispute.account_id)


def _last_allocation(account_id: int) -> int:
    return db.session.scalar(select(func.max(Allocation.id)).where(Allocation.account_id == account_id)) or 0


def _keep(dispute: Dispute, evidence: Sequence[Upload], *, now: datetime, by_id: int | None) -> None:
    attachments.check(evidence)
    for upload in evidence:
        stored = files.store(upload.pieces, name=upload.name, content_type=upload.content_type, now=now)
        kept = DisputeFile(dispute_id=dispute.id, file_id=stored.id, added_at=now, added_by_id=by_id)
        db.session.add(kept)
