"""What is said in the demo book: collectors log their calls and take promises, debtors answer texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select

from wiseops.domain.activities import Draft
from wiseops.domain.entries import Posting
from wiseops.domain.errors import Refused
from wiseops.domain.promises import Part
from wiseops.extensions import db
from wiseops.formats.vonage import Inbound
from wiseops.models import Account, Contact, Disposition, Message, Reply, Task
from wiseops.queries import snapshots
from wiseops.services import activities, promises, replies

_CALLS = (
    ("Spoke to Customer", "Pays this week, as soon as the invoice is approved.", 0, True),
    ("Spoke to Customer", "Wants to pay in two parts; asked her to send the first on Friday.", 0, True),
    ("Spoke to Customer", "Says that it was paid already. Asked for the receipt by e-mail.", 2, False),
    ("Spoke to Customer", "Will look for the invoice and call back.", 3, False),
    ("Left Message", "Asked to be called back before noon.", 2, False),
    ("No Answer", "", 1, False),
    ("No Answer", "Tried twice, the line was busy.", 1, False),
)
"""How a call went, what was noted, days until the follow-up (0: none), and whether it ended in a promise."""

_TEXTS = {
    "da": ("Tak, jeg betaler på fredag", "Kan I sende fakturaen igen?", "Den er betalt i går", "Ring efter kl. 15"),
    "nb": ("Takk, jeg betaler på fredag", "Kan dere sende fakturaen på nytt?", "Den ble betalt i går"),
    "en": ("Thanks, will pay on Friday", "Can you send the invoice again?", "Paid it yesterday"),
}
_DONE_BY_PHONE = ("call", "follow_up", "promise_broken")
_KEEPS = 0.65
_READ = 0.7
_STRANGER = "+4520998877"


@dataclass(slots=True)
class Talks:
    """`collectors` are the people who call; `expected` where payments to come are noted, by day."""

    random: Random
    collectors: Sequence[int]
    expected: dict[date, list[Posting]]

    def call(self, on: date, now: datetime) -> None:
        """Collectors make some of the calls that wait."""
        waiting = select(Task).where(Task.kind.in_(_DONE_BY_PHONE), Task.status == "open", Task.due_on < on)
        ways = {row.name: row.id for row in db.session.scalars(select(Disposition))}
        for task in db.session.scalars(waiting.order_by(Task.id)).all():
            if self.random.random() < 0.5:
                self._log(task, ways, on, now)

    def _log(self, task: Task, ways: dict[str, int], on: date, now: datetime) -> None:
        way, notes, days, ends_in_promise = self.random.choice(_CALLS)
        by_id = self.random.choice(self.collectors)
        draft = Draft(
            disposition_id=ways[way],
            notes=notes,
            follow_up_on=on + timedelta(days=days) if days else None,
            assignee_id=by_id if days else None,
            finishes=frozenset({task.id}),
            duration=self.random.randint(40, 400) if ends_in_promise else None,
        )
        activities.add(task.account_id, draft, now=now, by_id=by_id)
        if ends_in_promise:
            self._promise(task.account_id, on, now, by_id)

    def _promise(self, account_id: int, on: date, now: datetime, by_id: int) -> None:
        """All that can be collected, or half of it, within two weeks."""
        positions = snapshots.book(account_id, on).positions
        for code, position in positions.items():
            amount = self.random.choice((position.collectable, position.collectable, position.collectable // 2))
            part = Part(amount, on + timedelta(days=self.random.randint(2, 14)))
            try:
                promises.make(account_id, [promises.Draft(code, (part,))], promises.Making(), now=now, by_id=by_id)
            except Refused:
                continue  # Nothing is left to promise in this currency, or it is promised already.
            if self.random.random() < _KEEPS:
                self._expect(account_id, code, part)

    def _expect(self, account_id: int, code: str, part: Part) -> None:
        """What is promised comes on the day, or a day late."""
        on = part.due_on + timedelta(days=self.random.choice((-1, 0, 0, 1)))
        number = f"V{account_id}-{part.due_on:%m%d}"
        self.expected[on].append(Posting(account_id, "payment", number, on, None, code, part.amount, source="demo"))

    def read(self, now: datetime) -> None:
        """Most of what was written before today is dealt with; the rest waits, and holds."""
        waiting = select(Reply.id, Reply.account_id).where(
            Reply.handled_at.is_(None), Reply.received_at < now - timedelta(hours=12)
        )
        for reply_id, account_id in db.session.execute(waiting.order_by(Reply.id)).all():
            if self.random.random() < _READ:
                replies.handle(reply_id, seen_at=account_id, now=now, by_id=self.random.choice(self.collectors))

    def answer(self, now: datetime) -> None:
        """Some of those who were texted lately write back."""
        lately = (Message.channel == "sms", Message.status == "sent", Message.sent_at > now - timedelta(days=1))
        query = select(Message.ref, Message.to_address, Account.language).join(
            Account, Account.id == Message.account_id
        )
        for ref, number, language in db.session.execute(query.where(*lately).order_by(Message.id)).all():
            if self.random.random() < 0.3:
                self.write(number, self.random.choice(_TEXTS[language or "en"]), f"answer-{ref}", now)

    def write(self, number: str, text: str, event_id: str, now: datetime) -> None:
        """A text from outside."""
        replies.receive(Inbound(event_id, "sms", number, "", text, now), now=now)

    def surprise(self, now: datetime) -> None:
        """Some customers write just before one looks; and somebody nobody knows, for the inbox."""
        texted = select(Contact.phone, Account.language).join(Account, Account.id == Contact.account_id)
        reminded = (Account.stage.in_(("engaged", "follow_up")), Contact.default_sms)
        rows = db.session.execute(texted.where(*reminded).order_by(Contact.id))
        found = [(number, language) for number, language in rows if number]
        for number, language in self.random.sample(found, k=min(6, len(found))):
            at = now - timedelta(hours=self.random.randint(1, 60))
            self.write(number, self.random.choice(_TEXTS[language or "en"]), f"late-{number}", at)
        text = "Hej, jeg har fået en regning fra jer som ikke er min. Hvem kan jeg ringe til?"
        self.write(_STRANGER, text, "stranger", now)
