"""What tests start from: plain functions, each with everything left out that the test does not speak of."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import select, update

from wiseops.domain import contacts as contact_rules
from wiseops.domain import money
from wiseops.domain.accounts import Details
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Engagement, Entry, Guardrail, Message, MessageItem, Plan, PlanStep, User
from wiseops.services import accounts, automation, contacts, entries, pauses
from wiseops.services.transaction import transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PASSWORD = "correct horse battery"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_ROUND_THE_CLOCK = {"opens": "00:00", "closes": "23:59"}
_numbers = itertools.count(1)


def an_account(*, number: str | None = None, name: str = "Nordlys ApS", now: datetime = NOW, **details: object) -> int:
    """The id of a new account."""
    number = number or f"K{next(_numbers)}"
    return accounts.create(Details(number=number, name=name, **details), now=now)  # type: ignore[arg-type]


def an_entry(
    account_id: int, owed: str, *, kind: str = "invoice", on: date = TODAY, now: datetime = NOW, **columns: object
) -> int:
    """The id of a new entry: `owed` as "100.00 DKK", always positive."""
    amount, currency = owed.split()
    minor = money.parse(amount, currency).minor
    return entries.record(
        account_id,
        kind=kind,
        issued_on=on,
        currency=currency,
        amount=minor,
        now=now,
        **columns,  # type: ignore[arg-type]
    )


def a_payment(account_id: int, paid: str, **columns: object) -> int:
    """The id of a new payment."""
    return an_entry(account_id, paid, kind="payment", **columns)  # type: ignore[arg-type]


def a_user(role: str = "collector", *, email: str | None = None, name: str = "Kim Lund", active: bool = True) -> User:
    """A new user whose password is PASSWORD."""
    email = email or f"{role}{next(_numbers)}@example.com"
    with transaction():
        user = User(email=email, name=name, role=role, password_hash=_HASH, active=active, created_at=NOW)
        db.session.add(user)
    return user


def a_contact(account_id: int, *, now: datetime = NOW, **details: object) -> int:
    """The id of a new contact."""
    return contacts.create(account_id, contact_rules.Details(**details), now=now)  # type: ignore[arg-type]


def a_debtor(
    owed: str = "100.00 DKK",
    *,
    email: str = "mette@example.com",
    phone: str = "",
    due: date | None = None,
    **more: object,
) -> int:
    """The id of an account that owes since `due` (five days ago) and can be reached; `number` is the invoice's.

    Decided about once, when all of it is there.
    """
    number, now = more.pop("number", None), more.pop("now", NOW)
    details = Details(**({"number": f"K{next(_numbers)}", "name": "Nordlys ApS"} | more))  # type: ignore[arg-type]
    account_id = accounts.add(details, now=now)  # type: ignore[arg-type]
    if email or phone:
        contacts.add(account_id, contact_rules.Details(name="Mette Lund", email=email, phone=phone), now=NOW)
    due = due or TODAY - timedelta(days=5)
    an_entry(account_id, owed, on=due - timedelta(days=14), due_on=due, number=number)
    return account_id


def running(now: datetime = NOW) -> None:
    """Automation is on."""
    pauses.end(now=now)


def always_open() -> None:
    """No hour, day or cap keeps anyone from being contacted: for what runs on the real clock."""
    hours = {f"{day}{edge}": at for day in ("", "saturday_", "sunday_") for edge, at in _ROUND_THE_CLOCK.items()}
    caps = dict.fromkeys(("cap", "call_cap", "sms_cap"))
    with transaction():
        db.session.execute(update(Guardrail).values(weekdays=list(range(7)), holidays=False, **caps, **hours))
        db.session.execute(update(PlanStep).values(weekdays=list(range(7)), at="00:00"))
        automation.rules_changed()


def a_message(
    account_id: int, *entry_ids: int, at: datetime = NOW, status: str = "sent", step: int = 1, channel: str = "email"
) -> int:
    """The id of an automatic message of the account's open engagement that listed these entries."""
    engagement_id = db.session.scalar(
        select(Engagement.id).where(Engagement.account_id == account_id, Engagement.ended_at.is_(None))
    )
    of_step = (Message.engagement_id == engagement_id, Message.step == step, Message.channel == channel)
    with transaction():
        message = db.session.scalar(select(Message).where(*of_step, Message.status == "queued")) or Message(
            account_id=account_id, engagement_id=engagement_id, step=step, channel=channel, ref=f"m{next(_numbers)}"
        )
        message.automated, message.status = True, status
        message.queued_at = message.not_before = message.sending_at = at
        message.sent_at = at if status != "unknown" else None
        db.session.add(message)
        db.session.flush()
        for entry in db.session.scalars(select(Entry).where(Entry.id.in_(entry_ids))):
            item = MessageItem(message_id=message.id, entry_id=entry.id, demanded=True)
            item.amount, item.currency = entry.open, entry.currency
            db.session.add(item)
        if (engagement := db.session.get(Engagement, engagement_id or 0)) is not None:
            engagement.first_message_on = engagement.first_message_on or at.date()
            engagement.last_message_on = at.date()
        automation.touch([account_id])
    automation.decide([account_id], at)
    return message.id


def a_plan(name: str = "Special", *, active: bool = True, **conditions: object) -> int:
    """The id of a new plan of two e-mails, asked after every other."""
    with transaction():
        asked = Conditions(**({"days_overdue": 1} | conditions))  # type: ignore[arg-type]
        plan = Plan(name=name, priority=100, active=active, conditions=asked.to_json(), updated_at=NOW)
        db.session.add(plan)
        db.session.flush()
        for position, offset in ((1, 3), (2, 10)):
            step = PlanStep(plan_id=plan.id, position=position, offset_days=offset, weekdays=[0, 1, 2, 3, 4])
            step.at, step.channels = "10:00", ["email"]
            db.session.add(step)
        automation.rules_changed()
    return plan.id
