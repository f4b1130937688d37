"""The days of the demo book: what is invoiced and paid, what passes and workers do, and what people do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from wiseops.domain import zones
from wiseops.domain.demo.trade import Line
from wiseops.domain.entries import Posting
from wiseops.domain.messages import Sender
from wiseops.extensions import db
from wiseops.models import Account, Entry
from wiseops.queries import automation as queries
from wiseops.services import accounts, entries, holds, postings
from wiseops.services.demo.disagreements import Disagreements
from wiseops.services.demo.talks import Talks
from wiseops.services.moments import Clock

_MORNING, _AFTERNOON = time(9), time(13, 30)
_BLOCKS = (
    (40, "Bankruptcy proceedings began", None),
    (33, "With our lawyer", 45),
    (25, "Agreed with management: no reminders", None),
    (12, "Claims that the contract ended; legal looks at it", 9),
    (5, "Restructuring: wait for the court", 30),
)
"""Days before the end, the reason, and days until the review."""
_HOLDS = ((3, "Said on the phone: pays on payday", 6), (2, "On holiday", 11), (1, "Waits for a copy of the invoice", 4))


@dataclass(slots=True)
class Days:
    """What is to come, by day; `collectors` are the people who call."""

    random: Random
    senders: Mapping[str, Sender]
    collectors: Sequence[int]
    today: date
    postings: dict[date, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    returns: dict[date, list[tuple[int, Line]]] = field(default_factory=lambda: defaultdict(list))
    disputes: dict[date, list[tuple[int, Line]]] = field(default_factory=lambda: defaultdict(list))
    talks: Talks = field(init=False)
    disagreements: Disagreements = field(init=False)

    def __post_init__(self) -> None:
        self.talks = Talks(self.random, self.collectors, self.postings)
        self.disagreements = Disagreements(self.collectors, self.postings)

    def expect(self, account_id: int, lines: Sequence[Line]) -> None:
        """Notes what the account will be invoiced, pay, take back and dispute."""
        for line in lines:
            self.postings[line.on].append(_posting(account_id, line))
            if line.returned_on:
                self.returns[line.returned_on].append((account_id, line))
            if line.disputed_on:
                self.disputes[line.disputed_on].append((account_id, line))

    def open_book(self, until: date) -> None:
        """Posts what is older than the first day."""
        rules = queries.rules()
        for on in sorted(day for day in self.postings if day < until):
            postings.post(self.postings[on], now=rules.midnight(on))

    def live(self, on: date, until: datetime) -> None:
        """One day, up to `until`."""
        rules = queries.rules()
        clock, now, place = Clock(rules, self.senders), rules.midnight(on), zones.zone(rules.zone)
        postings.post(self.postings[on], now=now)
        for at, work in ((_MORNING, self._morning), (_AFTERNOON, self._afternoon)):
            moment = datetime.combine(on, at, place)
            if moment < until and on.weekday() < 5:
                clock.live(now, moment)
                now = moment
                work(on, now)
        clock.live(now, until)
        db.session.flush()
        db.session.expunge_all()

    def _morning(self, on: date, now: datetime) -> None:
        days_left = (self.today - on).days
        by_id = self.collectors[0]
        for account_id, line in self._since_friday(self.returns, on):
            entries.reverse(_entry_id(account_id, line), on=on, now=now, by_id=by_id)
        for account_id, line in self._since_friday(self.disputes, on):
            invoice = db.session.get_one(Entry, _entry_id(account_id, line))
            if invoice.open >= line.disputed:
                self.disagreements.note(invoice, line.disputed, on=on, now=now)
        self.disagreements.decide(on, now)
        for before, reason, review in _BLOCKS:
            review_on = self.today + timedelta(days=review) if review else None
            for chosen in self._engaged(is_time=before == days_left):
                accounts.block(chosen, reason=reason, review_on=review_on, now=now, by_id=by_id)
        for before, reason, length in _HOLDS:
            until = self.today + timedelta(days=length)
            for chosen in self._engaged(is_time=before == days_left):
                holds.hold(chosen, until=until, reason=reason, now=now, by_id=by_id)

    def _afternoon(self, on: date, now: datetime) -> None:
        self.talks.call(on, now)
        self.talks.read(now)
        self.talks.answer(now)

    def _engaged(self, *, is_time: bool) -> list[int]:
        """One account that is being reminded, if it is time and there is one."""
        if not is_time:
            return []
        found = select(Account.id).where(Account.stage == "engaged", Account.held.is_(None)).order_by(Account.number)
        ids = db.session.scalars(found).all()
        return [self.random.choice(ids)] if ids else []

    @staticmethod
    def _since_friday(noted: dict[date, list[tuple[int, Line]]], on: date) -> list[tuple[int, Line]]:
        """What was noted for the day; on a Monday for the weekend as well."""
        days = [on - timedelta(days=back) for back in range(3 if on.weekday() == 0 else 1)]
        return [found for day in days for found in noted.get(day, ())]


def _posting(account_id: int, line: Line) -> Posting:
    return Posting(
        account_id=account_id,
        kind=line.kind,
        number=line.number,
        issued_on=line.on,
        due_on=line.due_on,
        currency=line.currency,
        amount=line.amount,
        allocate_to=line.allocate_to,
        source="demo",
    )


def _entry_id(account_id: int, line: Line) -> int:
    same = (Entry.account_id == account_id, Entry.kind == line.kind, Entry.number == line.number)
    return db.session.scalars(select(Entry.id).where(*same)).one()
