"""One day of a replay: its entries at midnight, then every moment at which something could happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from wiseops.domain.automation.rules import Rules
from wiseops.domain.entries import CREDITS, Posting
from wiseops.extensions import db
from wiseops.models import Account, Entry, Message
from wiseops.models.replays import DAYS, POSTINGS
from wiseops.queries import automation as queries
from wiseops.queries import replays
from wiseops.services import automation, entries, messages, postings
from wiseops.services.replays import calls, leavings, recorders
from wiseops.services.replays.leavings import Leaving
from wiseops.services.transaction import transaction

_ROUNDS = 1000
_WAITING = select(Message.id).where(Message.status == "queued", Message.not_before <= bindparam("now")).limit(1)


@dataclass(slots=True)
class _Counts:
    evaluated: int = 0
    queued: int = 0
    sent: int = 0
    cancelled: int = 0


def open_book(start: date) -> None:
    """Posts everything dated before the first day, each on its own day, without deciding."""
    rules = _rules()
    for on in db.session.scalars(
        select(POSTINGS.c.issued_on).where(POSTINGS.c.issued_on < start).distinct().order_by(POSTINGS.c.issued_on)
    ).all():
        _post(on, rules.midnight(on))


def live(on: date) -> None:
    """Lives one day, whole, in one transaction; a day that was lived already stays as it is."""
    with transaction():
        last = replays.last_day()
        if last is not None and last >= on:
            return
        rules, counts = _rules(), _Counts()
        start, end = rules.midnight(on), rules.midnight(on + timedelta(days=1))
        _post(on, start)
        now: datetime | None = start
        called: list[Leaving] = []
        while now is not None:
            called += _come_to_rest(rules, now, counts)
            now = _next(now, end)
        rows = leavings.rows(leavings.sent(start, end) + called)
        counts.cancelled = leavings.cancelled(start, end)
        db.session.execute(insert(DAYS).values(on=on, messages=rows, **asdict(counts)))
    db.session.expunge_all()


def _rules() -> Rules:
    return queries.rules(company_holidays_only=True)


def _come_to_rest(rules: Rules, now: datetime, counts: _Counts) -> list[Leaving]:
    """Decides, sends and calls at one moment, until nothing is left to do in it."""
    called: list[Leaving] = []
    for _ in range(_ROUNDS):
        done = automation.run(now, rules=rules)
        counts.evaluated += done.evaluated
        counts.queued += done.queued
        left = messages.send_due(now, senders=recorders.SENDERS, rules=rules).sent if _waits(now) else 0
        counts.sent += left
        made = calls.complete(rules, now)
        called += made
        if not (left or made):
            return called
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


def _post(on: date, now: datetime) -> None:
    rows = db.session.execute(select(POSTINGS).where(POSTINGS.c.issued_on == on).order_by(POSTINGS.c.id)).all()
    postings.post([_posting(row) for row in rows if row.reverses_id is None], now=now)
    for entry_id in _reversed(rows):
        entries.take_back(entry_id, on=on, now=now, by_id=None)


def _posting(row: Any) -> Posting:
    amount = row.amount if row.kind not in CREDITS else -row.amount
    return Posting(
        account_id=row.account_id,
        kind=row.kind,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        currency=row.currency,
        amount=amount,
        allocate_to=row.allocate_to,
        disputed=row.disputed,
        payment_reference=row.payment_reference,
        source="replay",
    )


def _reversed(rows: Any) -> Iterator[int]:
    """The entries in the working copy that these live rows reverse."""
    for row in rows:
        if row.reverses_id is None:
            continue
        original = db.session.execute(select(POSTINGS).where(POSTINGS.c.id == row.reverses_id)).one()
        same = (Entry.account_id == row.account_id, Entry.kind == original.kind, Entry.number == original.number)
        yield db.session.scalars(select(Entry.id).where(*same)).one()
