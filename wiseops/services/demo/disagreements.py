"""What customers of the demo book say no to, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from wiseops.domain.disputes import Ground, Status
from wiseops.domain.entries import Posting
from wiseops.domain.money import Money
from wiseops.extensions import db
from wiseops.models import Dispute, Entry
from wiseops.services import disputes
from wiseops.services.disputes import Claim, Ruling

_CLAIMS = (
    (Ground.NOT_AS_AGREED, "Two of five boxes were damaged; sent photos by e-mail."),
    (Ground.NOT_DELIVERED, "Says that the last delivery never came."),
    (Ground.WRONG_AMOUNT, "The price list says less per hour."),
    (Ground.NOT_ORDERED, "Nobody in the house knows the order."),
    (Ground.CREDITED, "The driver promised a credit note for the pallets."),
)
_RULINGS = (
    (Status.UPHELD, "The warehouse confirms it"),
    (Status.UPHELD, "Agreed with sales"),
    (Status.SPLIT, "Half of it is right"),
    (Status.REJECTED, "The signed delivery note says otherwise"),
    (Status.REJECTED, "The price was in the offer they signed"),
)
_DAYS_TO_DECIDE = (6, 10, 14, 21)


@dataclass(slots=True)
class Disagreements:
    """`collectors` own them in turn; `expected` where credit notes to come are noted, by day."""

    collectors: Sequence[int]
    expected: dict[date, list[Posting]]
    random: Random = field(default_factory=lambda: Random(5))  # noqa: S311

    def note(self, invoice: Entry, disputed: int, *, on: date, now: datetime) -> None:
        """The customer says no to that much of an invoice, or to all that is open of it."""
        ground, notes = self.random.choice(_CLAIMS)
        owner = self.random.choice(self.collectors)
        part = None if disputed >= invoice.open else Money(disputed, invoice.currency)
        due_on = on + timedelta(days=self.random.choice(_DAYS_TO_DECIDE))
        disputes.open(invoice.account_id, invoice.id, Claim(part, ground, due_on, owner, notes), now=now, by_id=owner)

    def decide(self, on: date, now: datetime) -> None:
        """Some of those whose deadline is near are decided; what is upheld is credited days later."""
        near = (Dispute.status == Status.OPEN, Dispute.due_on <= on + timedelta(days=1))
        for dispute in db.session.scalars(select(Dispute).where(*near).order_by(Dispute.id)).all():
            if self.random.random() < 0.5:
                self._decide(dispute, on, now)

    def _decide(self, dispute: Dispute, on: date, now: datetime) -> None:
        verdict, note = self.random.choice(_RULINGS)
        open_now = db.session.get_one(Entry, dispute.entry_id).open
        half = Money(min(dispute.amount, open_now) // 2, dispute.currency)
        verdict = verdict if half.minor else Status.REJECTED
        ruling = Ruling(verdict, half if verdict == Status.SPLIT else None, note)
        disputes.rule(dispute.account_id, dispute.id, ruling, now=now, by_id=dispute.owner_id)
        if verdict != Status.REJECTED and self.random.random() < 0.7:
            amount = half.minor if verdict == Status.SPLIT else min(dispute.amount, open_now)
            self._expect(dispute, amount, on + timedelta(days=self.random.randint(3, 9)))

    def _expect(self, dispute: Dispute, amount: int, on: date) -> None:
        number = db.session.get_one(Entry, dispute.entry_id).number
        self.expected[on].append(
            Posting(
                dispute.account_id,
                "credit_note",
                f"D{number}",
                on,
                None,
                dispute.currency,
                amount,
                number,
                source="demo",
            )
        )
