"""Each guard, between queueing and sending: it stops, and where nothing stands against it, it passes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.factories import NOW, TODAY, a_contact, a_debtor, a_user, running
from tests.outboxes import Recorder, messages_of, senders
from wiseops.domain.automation.rules import Rules
from wiseops.domain.entries import Kind, Posting
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Allowed, Deferred
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.domain.plans import Conditions
from wiseops.domain.promises import Part
from wiseops.extensions import db
from wiseops.models import Account, Activity, Entry, Event, Guardrail, Holiday, Message, Suppression
from wiseops.queries import automation as queries
from wiseops.services import (
    accounts,
    automation,
    disputes,
    exclusions,
    guardrails,
    messages,
    pauses,
    postings,
    promises,
    suppressions,
)
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
    "bounced": (lambda _account: _barred("bounced"), "bounced"),
    "invalid": (lambda _account: _barred("invalid"), "invalid"),
    "promise": (lambda account: _promises(account), "promise"),
    "dispute": (lambda account: _disputes(account), "dispute"),
    "pause": (lambda _account: pauses.begin(reason="lunch", until=None, now=NOW, by_id=None), "paused"),
    "window": (lambda _account: set_guardrails(opens="11:00"), "window"),
    "holiday": (lambda _account: close(NOW), "holiday"),
    "weekday": (lambda _account: set_guardrails(weekdays=[1, 2, 3, 4, 5, 6]), "weekday"),
    "gap": (lambda account: _was_written_to(account), "gap"),
    "cap": (lambda account: _is_capped(account), "cap"),
}


def _barred(reason: str) -> None:
    """Nothing waiting is cancelled with it: only the last look finds it."""
    with transaction():
        db.session.add(Suppression(channel="email", address="mette@example.com", reason=reason, source="event", at=NOW))


def _promises(account: int) -> None:
    draft = promises.Draft("DKK", (Part(10_000, TODAY + timedelta(days=3)),), None)
    promises.make(account, [draft], promises.Making(), now=NOW, by_id=None)


def _disputes(account: int) -> None:
    invoice = db.session.scalars(select(Entry.id).where(Entry.account_id == account)).one()
    disputes.open(account, invoice, disputes.Claim(None, "other", TODAY + timedelta(days=3)), now=NOW, by_id=None)


def _pays(account: int) -> None:
    with transaction():
        postings.post([Posting(account, Kind.PAYMENT, None, TODAY, None, "DKK", 10_000)], now=NOW)


def _was_written_to(account: int, days_ago: int = 0, status: str = "sent") -> None:
    at = NOW - timedelta(days=days_ago)
    with transaction():
        columns = {"queued_at": at, "not_before": at, "sending_at": at, "ref": f"by-hand-{at}"}
        columns |= {"sent_at": at} if status == "sent" else {}
        db.session.add(Message(account_id=account, channel="sms", automated=False, status=status, **columns))


def _is_capped(account: int, days_ago: int = 20, status: str = "sent") -> None:
    _was_written_to(account, days_ago, status)
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
    assert set(rules.guardrails) == {"", "DE", "DK", "GB", "NO", "SE", "US"}


def test_an_american_is_written_to_when_all_of_the_country_is_awake():
    account = a_debtor(country="US", email="joe@example.com")

    found = db.session.get_one(Account, account, populate_existing=True)

    assert found.send_at == datetime(2026, 3, 2, 18, tzinfo=UTC)


def by_hand(account: int, at: datetime = NOW) -> Message:
    with transaction():
        row = Message(account_id=account, channel="sms", automated=False, ref=f"hand-{account}", body="Please call us.")
        row.to_address, row.queued_at, row.not_before = "+4520123456", at, at
        db.session.add(row)
    return row


EVENING = NOW + timedelta(hours=11)
HAND_GUARDS = {
    "nothing": (lambda account: None, NOW, None),
    "pause": (lambda _account: pauses.begin(reason="lunch", now=NOW), NOW, None),
    "window": (lambda _account: None, EVENING, "window"),
    "holiday": (lambda _account: close(NOW), NOW, "holiday"),
    "weekday": (lambda _account: set_guardrails(weekdays=[1, 2]), NOW, "weekday"),
    "cap": (lambda account: _is_capped(account), NOW, "cap"),
    "cap on the wire": (lambda account: _is_capped(account, 0, "sending"), NOW, "cap"),
    "gap": (lambda account: _keeps_a_gap(account), NOW, None),
    "exclusion": (lambda _account: _exclude(), NOW, None),
    "block": (GUARDS["block"][0], NOW, "blocked"),
    "stop": (
        lambda _account: suppressions.add("sms", "+4520123456", reason="opted_out", source="reply", now=NOW),
        NOW,
        "opted_out",
    ),
}


def _keeps_a_gap(account: int) -> None:
    _was_written_to(account)
    set_guardrails(gap_days=5, cap=9)


def _exclude() -> None:
    exclusions.save(None, name="All of them", conditions=Conditions(kind="business"), now=NOW)


@pytest.mark.parametrize("guard", HAND_GUARDS)
def test_what_a_person_sends_asks_the_same_guards(guard: str):
    account = a_debtor(email="", phone="+4520123456", due=TODAY)
    happens, at, reason = HAND_GUARDS[guard]
    happens(account)
    row = by_hand(account, at)

    answer = guardrails.check(account, "sms", "+4520123456", now=at)
    if guard != "stop":
        outbox = send(at)
        assert len(outbox.sent) == (reason is None)
    else:
        send(at)

    assert isinstance(answer, Allowed) == (reason is None)
    message = db.session.get_one(Message, row.id, populate_existing=True)
    stopped = ("queued" if isinstance(answer, Deferred) else "cancelled", reason)
    assert (message.status, message.reason) == (("sent", "") if reason is None else stopped)
    if isinstance(answer, Deferred):
        assert message.not_before == answer.until
        assert len(send(answer.until).sent) == 1


def test_a_cap_counts_what_one_person_gets_for_several_accounts():
    first, second = a_debtor(), a_debtor(email="Mette@Example.com")
    set_guardrails(cap=1, cap_days=7)

    assert len(send().sent) == 1

    waiting = db.session.scalars(select(Message).where(Message.status == "queued")).one()
    tuesday = datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert (waiting.automated, waiting.reason, waiting.not_before) == (True, "cap", tuesday.replace(day=9, hour=7))
    for account in (first, second):
        answer = guardrails.check(account, "email", "mette@example.com", now=NOW)
        assert isinstance(answer, Deferred)
        assert [reason.code for reason in answer.reasons] == ["cap"]
    assert isinstance(guardrails.check(second, "email", "else@example.com", now=NOW), Allowed)
    messages.send_due(tuesday, senders=senders(outbox := Recorder()))
    assert [mail.to.lower() for mail in outbox.sent] == ["mette@example.com"]


def test_a_cap_counts_nothing_that_other_people_got():
    client, theirs = a_debtor(email="client@example.com"), a_debtor(phone="+4520123456")
    a_contact(client, name="Bookkeeper", email="Mette@Example.com", phone="+4520123456")
    set_guardrails(cap=1, cap_days=7)

    assert len(send().sent) == 2

    other = a_debtor(email="", phone="+4520123456", due=TODAY)
    for number, stands in (("+4520999999", Allowed), ("+4520123456", Deferred)):
        with transaction():
            db.session.add(Activity(account_id=client, kind="call", direction="out", number=number, at=NOW))
        assert isinstance(guardrails.check(other, "sms", "+4520123456", now=NOW), stands)
    assert isinstance(guardrails.check(theirs, "email", "mette@example.com", now=NOW), Deferred)


def test_every_phone_of_those_who_are_reminded_says_where_they_may_be():
    account = a_debtor(country="US", phone="+12125551234", due=TODAY)
    nine, eleven = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (14, 16))
    assert isinstance(guardrails.check(account, "email", "mette@example.com", now=nine), Allowed)

    a_contact(account, name="Their lawyer", phone="+13105551234", roles=("legal",), default_sms=False)
    assert isinstance(guardrails.check(account, "email", "mette@example.com", now=nine), Allowed)

    a_contact(account, name="Joe", phone="+13105551234", roles=("dunning",), default_sms=False)

    assert isinstance(guardrails.check(account, "email", "mette@example.com", now=nine), Deferred)
    assert isinstance(guardrails.check(account, "email", "mette@example.com", now=eleven), Allowed)


def test_a_manager_overrides_the_window_and_the_timeline_keeps_why():
    account, boss = a_debtor(email="", phone="+4520123456", due=TODAY), a_user("manager")
    row = by_hand(account, EVENING)

    guardrails.override(
        account, "sms", row.to_address, reason="She asked for it", now=EVENING, by=boss, message_id=row.id
    )

    assert len(send(EVENING).sent) == 1
    event = db.session.scalars(select(Event).where(Event.kind == "guardrail_overridden")).one()
    assert (event.by_id, event.facts["limits"], event.facts["reason"]) == (boss.id, ["window"], "She asked for it")


def test_what_comes_after_an_override_stands_in_the_way_all_the_same():
    account, boss = a_debtor(email="", phone="+4520123456", due=TODAY), a_user("manager")
    row = by_hand(account, EVENING)
    guardrails.override(account, "sms", row.to_address, reason="She asked", now=EVENING, by=boss, message_id=row.id)
    GUARDS["block"][0](account)

    assert not send(EVENING).sent

    message = db.session.get_one(Message, row.id, populate_existing=True)
    assert (message.status, message.reason) == ("cancelled", "blocked")


@pytest.mark.parametrize(("role", "reason"), [("collector", "I want to"), ("manager", " ")])
def test_an_override_needs_the_right_and_a_reason(role: str, reason: str):
    account, person = a_debtor(phone="+4520123456"), a_user(role)

    with pytest.raises(Refused):
        guardrails.override(account, "sms", "+4520123456", reason=reason, now=EVENING, by=person)


def test_an_opt_out_is_never_overridden():
    account, boss = a_debtor(phone="+4520123456"), a_user("manager")
    suppressions.add("sms", "+4520123456", reason="opted_out", source="reply", now=NOW)

    with pytest.raises(Refused):
        guardrails.override(account, "sms", "+4520123456", reason="But", now=EVENING, by=boss)


def test_new_limits_count_at_once_and_are_confirmed():
    admin = a_user("admin")
    version = queries.rules().version

    guardrails.save(Guardrails("DK", cap=2), now=NOW, by_id=admin.id)

    assert queries.rules().guardrails["DK"] == Guardrails("DK", cap=2)
    assert queries.rules().version == version + 1
    row = db.session.scalars(select(Guardrail).where(Guardrail.country == "DK")).one()
    assert (row.confirmed_at, row.confirmed_by_id) == (NOW, admin.id)
