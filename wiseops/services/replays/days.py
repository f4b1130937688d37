"""One day of a replay: its entries at midnight, then every moment at which something could happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from wiseops.domain.automation.rules import Rules
from wiseops.domain.entries import CREDITS, Posting
from wiseops.extensions import db
from wiseops.models import Entry
from wiseops.models.replays import DAYS, POSTINGS
from wiseops.queries import automation as queries
from wiseops.queries import replays
from wiseops.services import entries, postings
from wiseops.services.moments import Clock
from wiseops.services.replays import calls, leavings, recorders
from wiseops.services.replays.leavings import Leaving
from wiseops.services.transaction import transaction


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
        rules, called = _rules(), list[Leaving]()
        start, end = rules.midnight(on), rules.midnight(on + timedelta(days=1))

        def call(now: datetime) -> bool:
            made = calls.complete(rules, now)
            called.extend(made)
            return bool(made)

        _post(on, start)
        lived = Clock(rules, recorders.SENDERS, call).live(start, end)
        rows = leavings.rows(leavings.sent(start, end) + called)
        counts = {**asdict(lived), "cancelled": leavings.cancelled(start, end)}
        db.session.execute(insert(DAYS).values(on=on, messages=rows, **counts))
    db.session.expunge_all()


def _rules() -> Rules:
    return queries.rules(company_holidays_only=True)


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
