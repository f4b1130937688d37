"""Each guard, between queueing and sending: it stops, and where nothing stands against it, it passes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from tests.factories import NOW, TODAY, a_debtor, running
from tests.outboxes import Recorder, messages_of, senders
from wiseops.domain.automation.rules import Rules
from wiseops.domain.entries import Kind, Posting
from wiseops.extensions import db
from wiseops.models import Account, Guardrail, Holiday, Message
from wiseops.queries import automation as queries
from wiseops.services import accounts, automation, messages, pauses, postings, suppressions
from wiseops.services.transaction import transaction


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def send(at: datetime = NOW) -> Recorder:
    outbox = Recorder()
    messages.send_due(at, senders=senders(outbox))
    return outbox


def set_guardrails(**values: object) -> None:
    with transaction():
        db.session.execute(update(Guardrail).where(Guardrail.country == "").values(**values))
        db.session.execute(update(Guardrail).where(Guardrail.country == "DK").values(**values))
        automation.rules_changed()


def close(at: datetime) -> None:
    with transaction():
        db.session.add(Holiday(country="DK", day=at.date(), name="Closed", source="admin", closed=True))
        automation.rules_changed()


GUARDS = {
    "nothing": (lambda account: None, None),
    "payment": (lambda account: _pays(account), "clear"),
    "block": (
        lambda account: accounts.block(account, reason="asked", review_on=None, now=NOW, by_id=None, decides=False),
        "blocked",
    ),
    "opt_out": (
        lambda _account: suppressions.add(
            "email", "mette@example.com", reason="opted_out", source="link", now=NOW, decides=False
        ),
        "opted_out",
    ),
    "pause": (lambda _account: pauses.begin(reason="lunch", until=None, now=NOW, by_id=None), "paused"),
    "window end": (lambda _account: set_guardrails(closes="10:00"), "not_now"),
    "holiday": (lambda _account: close(NOW), "not_now"),
    "weekday": (lambda _account: set_guardrails(weekdays=[1, 2, 3, 4, 5, 6]), "not_now"),
    "cap": (lambda account: _written_to(account), "cap"),
}


def _pays(account: int) -> None:
    with transaction():
        postings.post([Posting(account, Kind.PAYMENT, None, TODAY, None, "DKK", 10_000)], now=NOW)


def _written_to(account: int, days_ago: int = 20) -> None:
    at = NOW - timedelta(days=days_ago)
    with transaction():
        columns = {"queued_at": at, "not_before": at, "sending_at": at, "sent_at": at, "ref": f"by-hand-{at}"}
        db.session.add(Message(account_id=account, channel="sms", automated=False, status="sent", **columns))
    set_guardrails(cap=1, cap_days=30)


@pytest.mark.parametrize("guard", GUARDS)
def test_what_comes_between_queueing_and_sending(guard: str):
    account = a_debtor()
    happens, reason = GUARDS[guard]

    happens(account)
    outbox = send()

    message = messages_of(account)[0]
    assert (message.status, message.reason) == (("sent", "") if reason is None else ("cancelled", reason))
    assert len(outbox.sent) == (reason is None)


def test_closed_days_are_kept_with_what_closed_them(app: Flask):
    rules: Rules = queries.rules()

    assert rules.calendars["DK"].closes(date(2026, 4, 2))
    assert rules.calendars["DK"] is queries.rules().calendars["DK"]
    assert set(rules.guardrails) == {"", "DK", "NO", "US"}


def test_an_american_is_written_to_when_all_of_the_country_is_awake():
    account = a_debtor(country="US", email="joe@example.com")

    found = db.session.get_one(Account, account, populate_existing=True)

    assert found.send_at == datetime(2026, 3, 2, 18, tzinfo=UTC)
