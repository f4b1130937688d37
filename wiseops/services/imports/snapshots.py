"""Snapshots: a file that lists all open items says by its silence what was settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select

from wiseops.domain.entries import Kind, Posting
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Entry
from wiseops.queries import company, imports
from wiseops.services import automation, events, postings
from wiseops.services.transaction import transaction


def unlisted(listed: Iterable[tuple[str, str]]) -> list[int]:
    """The ids of open invoices that are not among these (account number, invoice number) pairs."""
    keys = set(listed)
    is_open_invoice = (Entry.kind == Kind.INVOICE, Entry.open != 0)
    query = select(Entry.id, Account.number, Entry.number).join(Account, Account.id == Entry.account_id)
    rows = db.session.execute(query.where(*is_open_invoice).order_by(Entry.id))
    return [id for id, account, number in rows if (account, number) not in keys]


def confirm(import_id: int, entry_ids: Collection[int], *, now: datetime, by_id: int | None) -> int:
    """Books these proposals as paid in full today, and drops the rest. Answers how many were still open."""
    with transaction():
        run = imports.get(import_id)
        if not run.proposals:
            raise Refused("The proposals of this import were settled already.")
        chosen = set(run.proposals) & set(entry_ids)
        found = db.session.scalars(select(Entry).where(Entry.id.in_(chosen), Entry.open != 0).order_by(Entry.id)).all()
        today = company.today(now)
        postings.post([_payment(entry, import_id, today) for entry in found], now=now, by_id=by_id)
        run.proposals = []
        ids = sorted({entry.account_id for entry in found})
        for id in ids:
            count = sum(entry.account_id == id for entry in found)
            events.record("snapshot_settled", account_id=id, at=now, by_id=by_id, import_id=import_id, count=count)
    automation.decide(ids, now)
    return len(found)


def _payment(invoice: Entry, import_id: int, on: date) -> Posting:
    return Posting(
        account_id=invoice.account_id,
        kind=Kind.PAYMENT,
        number=f"S{import_id}-{invoice.id}",
        issued_on=max(on, invoice.issued_on),
        due_on=None,
        currency=invoice.currency,
        amount=invoice.open,
        allocate_to=invoice.number,
        source="snapshot",
    )
