"""Books taken out by several writers at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, TODAY, a_payment, an_account, an_entry
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.services import allocations, entries

WRITERS, WRITES = 8, 12


def test_the_amounts_hold_with_eight_writers_at_once(app: Flask):
    accounts = [an_account() for _ in range(3)]

    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(lambda seed: write(app, accounts, random.Random(seed)), range(WRITERS)))

    assert sum(done) > WRITERS * WRITES / 2
    check_amounts()


def write(app: Flask, accounts: list[int], chance: random.Random) -> int:
    """A writer's story: posts, allocates, undoes and reverses on accounts that the others write to as well."""
    done = 0
    with app.app_context():
        for _ in range(WRITES):
            try:
                one_write(chance.choice(accounts), chance)
                done += 1
            except Refused:
                continue
        db.session.remove()
    return done


def one_write(account: int, chance: random.Random) -> None:
    owed = f"{chance.randint(1, 900)}.00 {chance.choice(['DKK', 'DKK', 'EUR'])}"
    what = chance.choice(["invoice", "payment", "payment", "allocate", "undo", "reverse"])
    if what == "invoice":
        an_entry(account, owed, number=f"{chance.random()}")
    elif what == "payment":
        a_payment(account, owed)
    elif what == "allocate":
        allocations.allocate_automatically(account, now=NOW, by_id=None)
    elif what == "undo":
        ids = list(db.session.scalars(select(Allocation.id).where(Allocation.account_id == account)))
        if ids:
            allocations.undo(chance.choice(ids), now=NOW, by_id=None)
    else:
        ids = list(db.session.scalars(select(Entry.id).where(Entry.account_id == account)))
        if ids:
            entries.reverse(chance.choice(ids), on=TODAY, now=NOW, by_id=None)


def check_amounts() -> None:
    """Allocated and open make the amount, on every entry; an allocation stays within account and currency."""
    db.session.rollback()
    rows = list(db.session.scalars(select(Allocation)))
    entry_by_id = {entry.id: entry for entry in db.session.scalars(select(Entry))}
    for entry in entry_by_id.values():
        side = Allocation.debit_id if entry.amount > 0 else Allocation.credit_id
        allocated = db.session.scalar(select(func.coalesce(func.sum(Allocation.amount), 0)).where(side == entry.id))
        assert abs(entry.open) + int(allocated or 0) == abs(entry.amount)
        assert entry.open * entry.amount >= 0
    for row in rows:
        debit, credit = entry_by_id[row.debit_id], entry_by_id[row.credit_id]
        assert {debit.account_id, credit.account_id} == {row.account_id}
        assert debit.currency == credit.currency
        assert row.effective_on >= max(debit.issued_on, credit.issued_on)
