"""Promises to pay: made, replaced or cancelled by a person. Whether one was kept is never said by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from wiseops.domain import promises as rules
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.domain.positions import Book
from wiseops.domain.promises import Part, Status
from wiseops.domain.texts import one_line, several_lines
from wiseops.extensions import db
from wiseops.models import Account, Company, Entry, Promise, PromiseItem, PromisePart, User
from wiseops.queries import company, snapshots
from wiseops.queries import promises as known
from wiseops.services import automation, judgements, locks, submissions, tasks
from wiseops.services.transaction import transaction

LONGEST_NOTES, LONGEST_REASON = 2000, 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What is promised in one currency; `items` None: over the balance."""

    currency: str
    parts: tuple[Part, ...]
    items: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What goes with every promise of one form; `reason` where it replaces one."""

    notes: str = ""
    assignee_id: int | None = None
    replaces_id: int | None = None
    reason: str = ""


def make(
    account_id: int, drafts: Sequence[Draft], making: Making, *, token: str = "", now: datetime, by_id: int | None
) -> None:
    """Makes a promise per currency, once per form `token`. Refused where one is open already and not replaced."""
    content = (sorted(drafts, key=lambda draft: draft.currency), making)
    with transaction():
        account = locks.account(account_id)
        if submissions.made(token, content) is not None:
            return
        _check(drafts, making)
        old = _replaced(account_id, making, now=now, by_id=by_id)
        book, ours = snapshots.book(account_id, company.today(now)), company.get()
        for draft in drafts:
            _refuse_second(account_id, draft.currency, ours)
            made = _make(account, draft, making, book, ours, now=now, by_id=by_id)
            made.replaces_id = old.id if old is not None else None
        submissions.keep(token, account_id, content, _said(drafts), now=now)
        automation.touch([account_id])
    automation.decide([account_id], now)


def cancel(account_id: int, promise_id: int, *, reason: str, now: datetime, by_id: int | None) -> None:
    """It covers nothing any more. Refused once it is over."""
    with transaction():
        locks.account(account_id)
        _end(account_id, promise_id, Status.CANCELLED, reason, now=now, by_id=by_id)
        automation.touch([account_id])
    automation.decide([account_id], now)


def _said(drafts: Sequence[Draft]) -> str:
    parts = [(part, draft.currency) for draft in drafts for part in draft.parts]
    return ", ".join(f"{Money(part.amount, code)} for {part.due_on.isoformat()}" for part, code in parts)


def _check(drafts: Sequence[Draft], making: Making) -> None:
    if not drafts:
        raise Refused("Say how much is promised.")
    tasks.check_assignee(making.assignee_id)


def _replaced(account_id: int, making: Making, *, now: datetime, by_id: int | None) -> Promise | None:
    if making.replaces_id is None:
        return None
    return _end(account_id, making.replaces_id, Status.REPLACED, making.reason, now=now, by_id=by_id)


def _end(account_id: int, promise_id: int, status: Status, reason: str, *, now: datetime, by_id: int | None) -> Promise:
    promise = known.get(account_id, promise_id)
    if promise.status != Status.OPEN:
        raise Refused("This promise is not open any more. Look at the list again.")
    if not (reason := one_line(reason, "reason", LONGEST_REASON)):
        raise Refused("Say why.", "reason")
    (terms,) = [found for found in known.open_of([account_id])[account_id] if found.id == promise_id]
    promise.received = terms.received
    judgements.end(promise, status, at=now, by_id=by_id, reason=reason)
    db.session.flush()
    return promise


def _refuse_second(account_id: int, currency: str, ours: Company) -> None:
    of_account = (Promise.account_id == account_id, Promise.currency == currency, Promise.status == Status.OPEN)
    first = db.session.execute(
        select(Promise, User.name).outerjoin(User, User.id == Promise.made_by_id).where(*of_account)
    ).one_or_none()
    if first is None:
        return
    promise, name = first
    at = promise.made_at.astimezone(ZoneInfo(ours.timezone))
    who = f"{name or 'Somebody'} took a promise of {Money(promise.amount, currency)} for {promise.due_on.isoformat()}"
    raise Refused(f"{who}, on {at:%Y-%m-%d} at {at:%H:%M}. Replace or cancel that one.", f"amount_0_{currency}")


def _make(
    account: Account, draft: Draft, making: Making, book: Book, ours: Company, *, now: datetime, by_id: int | None
) -> Promise:
    today = company.today(now)
    parts = rules.check(
        draft.parts,
        currency=draft.currency,
        collectable=_collectable(draft, book),
        today=today,
        longest=ours.promise_longest_days,
    )
    newest = select(func.max(Entry.id)).where(Entry.account_id == account.id)
    promise = Promise(
        account_id=account.id,
        currency=draft.currency,
        amount=sum(part.amount for part in parts),
        due_on=parts[-1].due_on,
        over_items=draft.items is not None,
        last_entry_id=db.session.scalar(newest) or 0,
        received=0,
        notes=several_lines(making.notes, "notes", LONGEST_NOTES),
        assignee_id=making.assignee_id,
        made_on=today,
        made_at=now,
        made_by_id=by_id,
    )
    db.session.add(promise)
    db.session.flush()
    rows = [{"promise_id": promise.id, "place": n, "amount": p.amount, "due_on": p.due_on} for n, p in enumerate(parts)]
    db.session.execute(insert(PromisePart), rows)
    if draft.items:
        chosen = [{"promise_id": promise.id, "entry_id": item} for item in sorted(draft.items)]
        db.session.execute(insert(PromiseItem), chosen)
    judgements.tell("promise_made", promise, at=now, by_id=by_id)
    return promise


def _collectable(draft: Draft, book: Book) -> int:
    """What can be promised: of the currency, or of the items that were chosen."""
    if draft.items is None:
        position = book.positions.get(draft.currency)
        return position.collectable if position else 0
    standing = {s.item.id: s.collectable for s in book.overdue if s.item.currency == draft.currency}
    if not draft.items or draft.items - standing.keys():
        raise Refused("What was chosen has changed meanwhile. Choose again.", "items")
    return sum(standing[item] for item in draft.items)
