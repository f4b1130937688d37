"""What the customers of the demo book buy and pay: every line with its day, for one customer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from wiseops.domain.demo.people import Customer

EARLIEST = 130
"""Days before the demo's today at which the first invoice may be dated."""

_TERMS = {"business": (14, 30, 30), "consumer": (14,)}
_EVERY = {"business": (16, 44), "consumer": (24, 60)}
_SCALE = {"DKK": 100, "NOK": 140, "USD": 15, "EUR": 14}
_PAYS_AFTER = {"prompt": (-6, 1), "slow": (4, 17), "late": (12, 41), "parts": (6, 15)}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry to come. `returned_on`: the payment bounces then; `disputed` from `disputed_on` on. Minor units."""

    kind: str
    number: str
    on: date
    due_on: date | None
    currency: str
    amount: int
    allocate_to: str = ""
    returned_on: date | None = None
    disputed: int = 0
    disputed_on: date | None = None


def lines(random: Random, customer: Customer, today: date) -> list[Line]:
    """Everything the customer is invoiced, credited and pays, up to `today`."""
    found = [
        line
        for currency in customer.currencies
        for line in _in_currency(random, customer, currency, today)
        if line.on <= today
    ]
    return sorted(found, key=lambda line: (line.on, line.number))


def _in_currency(random: Random, customer: Customer, currency: str, today: date) -> Iterator[Line]:
    kind = customer.details.kind
    on = today - timedelta(days=random.randint(5, 20) if customer.habit == "new" else EARLIEST - random.randint(0, 40))
    index = 0
    while on < today:
        index += 1
        number = f"{customer.details.number}{'E' if currency == 'EUR' else ''}-{index:02}"
        yield from _invoice(random, customer, currency, number, on)
        on += timedelta(days=random.randint(*_EVERY[kind]))
        while on.weekday() > 4:
            on += timedelta(days=1)


def _invoice(random: Random, customer: Customer, currency: str, number: str, on: date) -> Iterator[Line]:
    due_on = on + timedelta(days=random.choice(_TERMS[customer.details.kind]))
    amount = _amount(random, customer, currency)
    disputed = amount // random.choice((1, 2)) if random.random() < 0.012 else 0
    disputed_on = due_on + timedelta(days=5) if disputed else None
    yield Line("invoice", number, on, due_on, currency, amount, disputed=disputed, disputed_on=disputed_on)
    if random.random() < 0.05:
        credited = amount // random.choice((1, 4, 10))
        amount -= credited
        credited_on = on + timedelta(days=random.randint(3, 20))
        yield Line("credit_note", f"C{number}", credited_on, None, currency, credited, number)
    if amount > 0 and not disputed:
        yield from _payments(random, customer.habit, currency, number, due_on, amount)


def _payments(random: Random, habit: str, currency: str, number: str, due_on: date, amount: int) -> Iterator[Line]:
    if habit not in _PAYS_AFTER:
        return
    habit = random.choices((habit, "prompt", "late"), (80, 14, 6))[0]
    on = _banking_day(due_on + timedelta(days=random.randint(*_PAYS_AFTER[habit])))
    named = number if random.random() < 0.7 else ""
    if habit != "parts":
        returned_on = on + timedelta(days=random.randint(4, 9)) if random.random() < 0.008 else None
        yield Line("payment", f"P{number}", on, None, currency, amount, named, returned_on)
        return
    first = amount * random.choice((30, 40, 50)) // 100
    yield Line("payment", f"P{number}-1", on, None, currency, first, number)
    if random.random() < 0.55:
        on = _banking_day(on + timedelta(days=random.randint(12, 30)))
        yield Line("payment", f"P{number}-2", on, None, currency, amount - first, number)


def _amount(random: Random, customer: Customer, currency: str) -> int:
    """A few large ones, many small ones; businesses buy for more."""
    size = random.lognormvariate(3.6 if customer.details.kind == "business" else 1.9, 0.8)
    return max(150, int(size * _SCALE[currency])) * 100 + random.choice((0, 0, 25, 50, 75, 95))


def _banking_day(on: date) -> date:
    while on.weekday() > 4:
        on += timedelta(days=1)
    return on
