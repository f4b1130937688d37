"""The live count in SQL and the decision in Python are the same rule."""

import random
from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY
from wiseops.domain.automation.matching import match
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.entries import Item
from wiseops.domain.plans import Conditions
from wiseops.domain.positions import stand
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Entry
from wiseops.queries import matching

QUESTIONS = [
    Conditions(),
    Conditions(days_overdue=1),
    Conditions(days_overdue=14),
    Conditions(minimum={"DKK": 5_000}),
    Conditions(minimum={"DKK": 5_000, "EUR": 3_000}, days_overdue=3),
    Conditions(days_overdue=5, tags=frozenset({"vip", "public"})),
    Conditions(days_overdue=1, countries=frozenset({"DK"}), kind="consumer"),
    Conditions(languages=frozenset({"nb"})),
    Conditions(minimum={"EUR": 1}, countries=frozenset({"NO", "DK"}), tags=frozenset({"vip"})),
]


def a_random_book(dice: random.Random) -> None:
    """Accounts with a few open lines each, credit included, straight into the tables."""
    for _ in range(60):
        number = uuid4().hex
        account = Account(
            number=number,
            name=number,
            country=dice.choice([None, "DK", "NO"]),
            language=dice.choice([None, "da", "nb"]),
            kind=dice.choice(["business", "consumer"]),
            created_at=NOW,
        )
        db.session.add(account)
        db.session.flush()
        for tag in dice.sample(["vip", "public", "new"], dice.randint(0, 2)):
            db.session.add(AccountTag(account_id=account.id, tag=tag))
        for number in range(dice.randint(0, 6)):
            kind = dice.choice(["invoice", "invoice", "fee", "refund", "payment", "adjustment"])
            sign = -1 if kind == "payment" else dice.choice([1, 1, -1]) if kind == "adjustment" else 1
            amount = sign * dice.randint(1, 60) * 100
            on = TODAY - timedelta(days=dice.randint(0, 20))
            db.session.add(
                Entry(
                    account_id=account.id,
                    kind=kind,
                    number=dice.choice("aBÆ") + str(number),
                    issued_on=on,
                    due_on=on,
                    currency=dice.choice(["DKK", "EUR"]),
                    amount=amount,
                    open=amount,
                    posted_at=NOW,
                )
            )
    db.session.commit()


def snapshots() -> list[Snapshot]:
    items, credit = defaultdict(list), defaultdict(dict)
    for e in db.session.scalars(select(Entry).order_by(Entry.id)):
        if e.open > 0:
            item = Item(e.id, e.kind, e.number, e.issued_on, e.due_on, e.currency, e.amount, e.open)
            items[e.account_id].append(item)
        else:
            credit[e.account_id][e.currency] = credit[e.account_id].get(e.currency, 0) - e.open
    tags = defaultdict(set)
    for account_id, tag in db.session.execute(select(AccountTag.account_id, AccountTag.tag)):
        tags[account_id].add(tag)
    return [
        Snapshot(a.id, tuple(items[a.id]), credit[a.id], a.kind, a.country, a.language, tags=frozenset(tags[a.id]))
        for a in db.session.scalars(select(Account))
    ]


def test_the_count_is_what_the_decisions_would_match(app: Flask):
    for seed in range(4):
        a_random_book(random.Random(seed))
    books = [(snapshot, stand(snapshot.items, snapshot.credit, TODAY)) for snapshot in snapshots()]

    for question in QUESTIONS:
        matched = sum(not match(question, snapshot, book.overdue, TODAY).failing for snapshot, book in books)
        assert matching.count(question, TODAY) == matched, question
