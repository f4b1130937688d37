"""A small book that looks real, decided by the engine: for looking at pages and for counting queries."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.factories import a_message, a_payment, a_user, an_account, an_entry
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.services import accounts, automation, contacts, holds, interventions, pauses

NAMES = ("Nordlys", "Havblik", "Fjordens", "Kongens", "Bakke", "Strand", "Skov", "Vestjysk", "Østerbro", "Ålborg")
TRADES = ("Tømrer", "Bageri", "Transport", "El-Service", "Regnskab", "Fysioterapi", "Auto", "Café", "Murer", "Design")
FORMS = ("ApS", "A/S", "I/S", "AS", "Inc.", "v/Jens Møller-Christensen")


def fill(count: int, *, now: datetime | None = None, seed: int = 7) -> list[int]:
    """`count` accounts over all stages, in three countries and three currencies. Their ids."""
    now = (now or datetime.now(UTC)).replace(hour=9, minute=0, second=0, microsecond=0)
    dice = random.Random(seed)
    start = now - timedelta(days=60)
    pauses.end(now=start)
    people = [a_user("collector", name=name).id for name in ("Mette Holm", "Lars Bo Nygaard", "Siri Aas")]
    made = [_customer(number, people, start, now, dice) for number in range(count)]
    automation.run(now)
    return made


def _customer(number: int, people: list[int], start: datetime, now: datetime, dice: random.Random) -> int:
    name = f"{dice.choice(NAMES)} {dice.choice(TRADES)} {dice.choice(FORMS)}"
    if number % 37 == 5:
        name = "Foreningen til Bevarelse af Gamle Sejlskibe og Kystfartøjer i Det Sydfynske Øhav og Omegn af 1987"
    country, currency, zone = dice.choice(
        [("DK", "DKK", None)] * 4 + [("NO", "NOK", None), ("US", "USD", "America/New_York")]
    )
    account = an_account(number=f"{10_000 + number}", name=name, country=country, timezone=zone, now=start)
    if dice.random() < 0.8:
        contacts.put_default(account, email=f"{10_000 + number}@example.com", phone="", now=start)
    if dice.random() < 0.7:
        accounts.assign([account], owner_id=dice.choice(people), now=start, by_id=None)
    for _ in range(dice.randint(1, 3)):
        age = dice.choice([-20, -5, 2, 4, 6, 12, 18, 40])
        on = (now - timedelta(days=age)).date()
        issued = on - timedelta(days=30)
        code = currency if dice.random() < 0.9 else "EUR"
        entry = an_entry(
            account, f"{dice.randint(80, 60_000)}.{dice.randint(0, 99):02} {code}", on=issued, due_on=on, now=start
        )
    automation.decide([account], now)
    _live(account, entry, number, now, dice)
    return account


def _live(account: int, entry: int, number: int, now: datetime, dice: random.Random) -> None:
    row = db.session.get_one(Account, account, populate_existing=True)
    if row.stage == "scheduled" and dice.random() < 0.6:
        a_message(account, entry, at=now - timedelta(days=dice.randint(1, 30)))
        if dice.random() < 0.4:
            a_payment(account, "75.00 DKK", on=now.date(), now=now)
    if number % 9 == 1:
        holds.hold(account, until=now.date() + timedelta(days=6), reason="Asked for time", now=now, by_id=None)
    if number % 13 == 2:
        accounts.block(account, reason="In court over delivery 4711", review_on=None, now=now, by_id=None)
    row = db.session.get_one(Account, account, populate_existing=True)
    if row.stage == "engaged" and dice.random() < 0.3:
        interventions.take_over(account, now=now, by_id=None)
