"""Makes the demo book, and lets two months pass in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from wiseops.domain.demo import trade
from wiseops.domain.demo.people import SHARES, customers
from wiseops.domain.errors import Refused
from wiseops.domain.messages import Sender
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries import automation as queries
from wiseops.services import automation, pauses
from wiseops.services.demo import people
from wiseops.services.demo.days import Days
from wiseops.services.demo.mails import Mails
from wiseops.services.transaction import transaction

SEED = 20120103
LIVED = 61
"""Days that pass through the engine."""

Progress = Callable[[str], None]


def make(
    now: datetime, *, senders: Mapping[str, Sender], progress: Progress, shares: Mapping[str, int] = SHARES
) -> None:
    """Everything in one transaction: cut off, there is no half a book. Refused where accounts are here already."""
    with transaction():
        if db.session.scalar(select(Account.id).limit(1)) is not None:
            raise Refused("There are accounts here already: the demo book is made on an empty installation.")
        random, rules = Random(SEED), queries.rules()  # noqa: S311
        today = rules.today(now)
        first = today - timedelta(days=LIVED)
        began = rules.midnight(first)
        progress("people and customers")
        known = customers(random, shares)
        collectors = people.hire(began)
        ids = people.open_accounts(random, known, collectors, began)
        people.exclude_some(random, known, began)
        days = Days(random, senders, collectors, today)
        for customer in known:
            days.expect(ids[customer.details.number], trade.lines(random, customer, today))
        days.open_book(first)
        pauses.end(now=began, reason="The demo begins.")
        for passed in range(LIVED + 1):
            on = first + timedelta(days=passed)
            if passed % 7 == 0:
                progress(f"living through the week of {on.isoformat()}")
            days.live(on, min(rules.midnight(on + timedelta(days=1)), now))
        days.talks.surprise(now)
        Mails(days.random).surprise(now)
        automation.run(now)
