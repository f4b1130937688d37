"""A story told day by day: what happens to one customer, and what the real engine sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from tests.factories import an_account, an_entry
from wiseops.domain import money
from wiseops.domain.automation.rules import Rules
from wiseops.domain.contacts import Details
from wiseops.domain.disputes import Status
from wiseops.domain.messages import Accepted, Outbound
from wiseops.domain.promises import Part
from wiseops.extensions import db
from wiseops.models import Account, Automation, Dispute, Entry, Message, MessageItem, Position, Promise, Task
from wiseops.queries import verification
from wiseops.queries.automation import rules
from wiseops.services import automation, contacts, disputes, entries, messages, promises

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = date(2026, 3, 2)
"""The day stories begin: no public holiday follows before Easter, 2 April."""


def days(count: int) -> date:
    """That many days after the story begins."""
    return MONDAY + timedelta(days=count)


@dataclass
class Post:
    """Takes every message, as a provider would."""

    name: str = "file"
    reaches_people: bool = False
    letters: list[Outbound] = field(default_factory=list)

    def send(self, outbound: Outbound) -> Accepted:
        self.letters.append(outbound)
        return Accepted(f"post-{len(self.letters)}")


class Story:
    """One customer of the Standard plan. `until(day)` lets the engine live to the end of that day."""

    def __init__(self, *, email: str = "k@example.com", phone: str = "", **account: object) -> None:
        self.now = datetime.combine(MONDAY, time(0), COPENHAGEN).astimezone(UTC)
        db.session.execute(update(Automation).values(paused=False))
        db.session.commit()
        self.account_id = an_account(now=self.now, country="DK", **account)
        if email or phone:
            contacts.create(self.account_id, Details(email=email, phone=phone), now=self.now)
        self.post = Post()
        self._known: Rules | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(COPENHAGEN).date()

    @property
    def account(self) -> Account:
        return db.session.get_one(Account, self.account_id, populate_existing=True)

    @property
    def stage(self) -> str:
        return self.account.stage

    def owes(self, number: str, amount: str = "1000.00 DKK", *, due: date, **columns: object) -> int:
        columns.setdefault("on", min(due, self.today))
        return an_entry(self.account_id, amount, number=number, due_on=due, now=self.now, **columns)

    def pays(self, amount: str, *, number: str, to: str = "") -> int:
        return an_entry(
            self.account_id, amount, kind="payment", number=number, on=self.today, now=self.now, allocate_to=to
        )

    def takes_back(self, entry_id: int) -> None:
        entries.reverse(entry_id, on=self.today, now=self.now, by_id=None)

    def promises(
        self,
        amount: str,
        *parts: tuple[str, date],
        on: date | None = None,
        items: tuple[int, ...] = (),
        **making: object,
    ) -> None:
        """Promises an amount for a day, or instalments; over the balance unless `items` are named."""
        number, currency = amount.split()
        terms = parts or ((number, on or self.today),)
        draft = promises.Draft(
            currency,
            tuple(Part(money.parse(each, currency).minor, day) for each, day in terms),
            frozenset(items) or None,
        )
        making = promises.Making(**making)  # type: ignore[arg-type]
        promises.make(self.account_id, [draft], making, now=self.now, by_id=None)

    def disputes(self, entry_id: int, amount: str | None = None, *, days: int = 14, **claim: object) -> int:
        """Disputes a part of an entry, or the whole, to be decided within `days`."""
        part = money.parse(*amount.split()) if amount else None
        claimed = disputes.Claim(part, "not_as_agreed", self.today + timedelta(days=days), **claim)  # type: ignore[arg-type]
        return disputes.open(self.account_id, entry_id, claimed, now=self.now, by_id=None)

    def rules(self, dispute_id: int, verdict: str, amount: str | None = None) -> None:
        """A person decides, in one word."""
        part = money.parse(*amount.split()) if amount else None
        ruling = disputes.Ruling(Status(verdict), part, "So agreed")
        disputes.rule(self.account_id, dispute_id, ruling, now=self.now, by_id=None)

    def credits(self, amount: str, *, number: str, to: str) -> int:
        """Books a credit note."""
        return an_entry(
            self.account_id, amount, kind="credit_note", number=number, on=self.today, now=self.now, allocate_to=to
        )

    @property
    def disputed(self) -> list[str]:
        return list(db.session.scalars(select(Dispute.status).order_by(Dispute.id)))

    @property
    def promised(self) -> list[str]:
        return list(db.session.scalars(select(Promise.status).order_by(Promise.id)))

    @property
    def collectable(self) -> dict[str, int]:
        rows = db.session.scalars(select(Position).execution_options(populate_existing=True))
        return {row.currency: row.collectable for row in rows if row.collectable}

    def until(self, day: date) -> None:
        """Passes and sending, at every moment a decision asked for, to the end of `day`."""
        end = datetime.combine(day + timedelta(days=1), time(0), COPENHAGEN).astimezone(UTC) - timedelta(seconds=1)
        for _ in range(200):
            self._pass()
            messages.send_due(self.now, senders={"sms": self.post, "email": self.post, "file": self.post})
            self._pass()
            assert verification.verify(self.now).differences == 0
            wake = self.account.wake_at
            if wake is None or wake > end:
                self.now = end
                return
            self.now = max(wake, self.now)
        raise AssertionError("the story never comes to rest")

    def _pass(self) -> None:
        """As a worker: it reads the rules anew when they changed."""
        self._known = rules(known=self._known)
        automation.run(self.now, rules=self._known)

    def morning_of(self, day: date) -> None:
        """Lives to the end of the day before, then to 08:00."""
        self.until(day - timedelta(days=1))
        self.now = datetime.combine(day, time(8), COPENHAGEN).astimezone(UTC)

    def finish_call(self) -> None:
        call = db.session.scalars(select(Task).where(Task.kind == "call", Task.status == "open")).one()
        call.status, call.done_at = "done", self.now
        db.session.commit()
        automation.touch([self.account_id])

    @property
    def told(self) -> list[tuple[date, int, str, list[str], list[str]]]:
        """(day, step, channel, demanded, also) of every automatic message that left."""
        left = select(Message).where(Message.automated, Message.sent_at.is_not(None)).order_by(Message.sent_at)
        return [
            (row.sent_at.astimezone(COPENHAGEN).date(), row.step, row.channel, *self._items(row.id))
            for row in db.session.scalars(left)
        ]

    @property
    def steps(self) -> list[tuple[date, int]]:
        return [(day, step) for day, step, *_ in self.told]

    @property
    def tasks(self) -> list[str]:
        return list(db.session.scalars(select(Task.kind).order_by(Task.id)))

    @property
    def reasons(self) -> list[str]:
        return [reason["code"] for reason in self.account.reasons]

    def _items(self, message_id: int) -> tuple[list[str], list[str]]:
        rows = db.session.execute(
            select(Entry.number, MessageItem.demanded)
            .join(Entry, Entry.id == MessageItem.entry_id)
            .where(MessageItem.message_id == message_id)
            .order_by(Entry.due_on, Entry.issued_on, Entry.number)
        ).all()
        return [n for n, demanded in rows if demanded], [n for n, demanded in rows if not demanded]
