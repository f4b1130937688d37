"""What providers said, once it has its effect: in any order, any number of times."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import events
from tests.events import received, samples, sent, sms, status
from tests.factories import NOW, a_contact, a_debtor, an_account, running
from tests.outboxes import Recorder, senders, statuses, the_message
from tests.threads import together
from wiseops.extensions import db
from wiseops.formats import payloads
from wiseops.models import Event, Message, Reply, Suppression, Webhook
from wiseops.services import messages, suppressions, webhooks
from wiseops.services.transaction import transaction
from wiseops.services.webhooks import Received

NUMBER = "+4520123456"


def take(*of_events: Received) -> None:
    webhooks.store(of_events, now=NOW)
    assert webhooks.work(NOW)


def state(message_id: int) -> tuple[Any, ...]:
    columns = (Message.status, Message.reason, Message.sent_at, Message.provider_id)
    return tuple(db.session.execute(select(*columns).where(Message.id == message_id)).one())


def standing() -> set[tuple[str, str, str]]:
    columns = (Suppression.channel, Suppression.address, Suppression.reason)
    return {tuple(row) for row in db.session.execute(select(*columns).where(Suppression.lifted_at.is_(None)))}


def outcomes() -> list[str]:
    return list(db.session.scalars(select(Webhook.outcome).order_by(Webhook.id)))


def every_sample() -> list[Received]:
    found = [Received("vonage", "status", "", body) for body in samples(*events.STATUSES)]
    found += [Received("vonage", "inbound", "", body) for body in samples(*events.INBOUND)]
    for body in samples(*events.MAIL):
        given = payloads.read(body)
        found += (
            [Received("sendgrid", "event", "", each) for each in given]
            if isinstance(given, list)
            else [Received("postmark", "event", "", given)]
        )
    whole = [received(e.provider, e.kind, payloads.read(e.body) if e.provider == "vonage" else e.body) for e in found]
    return [*whole, sms("STOP", uuid="in-2", at="2026-03-02T08:05:00Z"), sms("START", uuid="in-1")]


class Undone(Exception):
    """Takes one order's effects back."""


def test_all_samples_in_any_order_any_number_of_times_end_the_same(app: Flask):
    every = every_sample()
    account = an_account()
    a_contact(account, phone="+447700900001", email="example@test.com")
    a_contact(account, phone=NUMBER, email="john@example.com")
    refused = sent(account, "string", "+447700900000", state="unknown")
    submitted = sent(account, "abc123", "+447700900000", state="sending")
    mailed = sent(account, "14c5d75ce93.dfd.64b469", "example@test.com", channel="email")
    arrived = sent(
        account, "p", "john@example.com", channel="email", provider_id="00000000-0000-0000-0000-000000000000"
    )
    ends: set[Any] = set()

    def end_of(order: list[Received]) -> Any:
        webhooks.store(order, now=NOW)
        webhooks.work(NOW)
        said = db.session.execute(select(Reply.account_id, Reply.from_address, Reply.keyword).order_by(Reply.body))
        messages = tuple(state(message) for message in (refused, submitted, mailed, arrived))
        return messages, frozenset(standing()), tuple(map(tuple, said)), len(outcomes())

    for seed in range(100 if db.engine.dialect.name == "sqlite" else 5):
        order = every * 2
        random.Random(seed).shuffle(order)
        with suppress(Undone), transaction():
            ends.add(end_of(order))
            raise Undone

    ((messages, suppressed, said, count),) = ends
    assert [message[0] for message in messages] == ["undelivered", "sent", "undelivered", "undelivered"]
    assert messages[0][1].startswith("1260: Destination unreachable")
    assert messages[1][2:] == (NOW, "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab")
    assert suppressed == {
        ("sms", NUMBER, "opted_out"),
        ("email", "example@test.com", "bounced"),
        ("email", "example@test.com", "opted_out"),
        ("email", "hello@world.com", "bounced"),
        ("email", "john@example.com", "bounced"),
        ("email", "john@example.com", "complaint"),
    }
    assert [(who, keyword) for who, _number, keyword in said] == [(None, ""), (account, "start"), (account, "stop")]
    assert count == len({(e.provider, e.event_id) for e in every}) == 19


def test_each_status_moves_a_message_only_forward(app: Flask):
    account = an_account()
    cases = {
        ("sending", "submitted"): "sent",
        ("sending", "delivered"): "delivered",
        ("unknown", "submitted"): "sent",
        ("unknown", "undeliverable"): "undelivered",
        ("sent", "submitted"): "sent",
        ("sent", "rejected"): "undelivered",
        ("delivered", "submitted"): "delivered",
        ("delivered", "undeliverable"): "undelivered",
        ("undelivered", "delivered"): "undelivered",
        ("failed", "delivered"): "failed",
        ("cancelled", "delivered"): "cancelled",
        ("queued", "delivered"): "queued",
        ("sent", "buffered"): "sent",
    }
    for before, word in cases:
        sent(account, f"{before}-{word}", NUMBER, state=before)

    take(*(status(word, f"{before}-{word}") for before, word in cases), status("delivered", "nobody's"))

    found = dict(db.session.execute(select(Message.ref, Message.status)).all())
    assert found == {f"{before}-{word}": after for (before, word), after in cases.items()}
    assert outcomes()[-2:] == ["kept", "unknown_reference"]
    assert db.session.scalars(select(Message.sent_at).where(Message.ref == "sending-delivered")).one() == NOW


def test_only_a_clear_code_says_something_about_the_number(app: Flask):
    account = a_debtor(email="", phone=NUMBER)
    for ref in ("gone", "full", "busy", "fine", "lost"):
        sent(account, ref, NUMBER)

    take(
        status("undeliverable", "gone", code="1190"),
        status("rejected", "full", code="1240", to="4520123457"),
        status("rejected", "busy", code="1000", to="4520123458"),
        status("submitted", "fine", code="1190", to="4520123459"),
        status("rejected", "lost", code="1170", to="Nobody"),
    )

    assert standing() == {("sms", NUMBER, "invalid"), ("sms", "+4520123457", "opted_out")}


POSTMARK = {"MessageID": "pm-1", "Email": "mette@example.com", "Metadata": {"ref": "ours"}}
SENDGRID = {"email": "Mette@example.com", "sg_event_id": "e", "smtp-id": "<ours@mail.example.com>"}


@pytest.mark.parametrize(
    ("provider", "given", "after", "against"),
    [
        ("postmark", {"RecordType": "Delivery", "Recipient": "mette@example.com"}, "delivered", set()),
        ("postmark", {"RecordType": "Bounce", "Type": "HardBounce"}, "undelivered", {"bounced"}),
        ("postmark", {"RecordType": "Bounce", "Type": "Blocked"}, "undelivered", set()),
        ("postmark", {"RecordType": "Bounce", "Type": "SoftBounce"}, "undelivered", set()),
        ("postmark", {"RecordType": "Bounce", "Type": "Transient"}, "sent", set()),
        ("postmark", {"RecordType": "SubscriptionChange", "SuppressSending": False}, "sent", set()),
        ("sendgrid", {"event": "delivered"}, "delivered", set()),
        ("sendgrid", {"event": "bounce", "type": "blocked"}, "undelivered", set()),
        ("sendgrid", {"event": "bounce", "email": "copy@example.com"}, "sent", set()),
        ("sendgrid", {"event": "dropped", "reason": "Spam Reporting Address"}, "undelivered", {"complaint"}),
        ("sendgrid", {"event": "dropped", "reason": "Spam Content"}, "undelivered", set()),
        ("sendgrid", {"event": "spamreport"}, "sent", {"complaint"}),
        ("sendgrid", {"event": "group_unsubscribe"}, "sent", {"opted_out"}),
        ("sendgrid", {"event": "open"}, "sent", set()),
        ("sendgrid", {"event": "dropped", "reason": "Invalid", "email": "not an address"}, "sent", set()),
    ],
)
def test_each_e_mail_event_has_its_effect(app: Flask, provider: str, given: dict[str, Any], after: str, against: set):
    account = a_debtor(email="Mette@Example.com")
    message = sent(account, "ours", "Mette@Example.com", channel="email")

    take(received(provider, "event", (POSTMARK if provider == "postmark" else SENDGRID) | given))

    assert state(message)[0] == after
    assert {reason for _channel, address, reason in standing() if address == "mette@example.com"} == against


def test_a_reminder_that_comes_back_goes_by_the_next_channel(app: Flask):
    running()
    account = a_debtor(email="mette@example.com", phone=NUMBER)
    messages.send_due(NOW, senders=senders(Recorder()))
    ref = the_message(account).ref

    take(received("sendgrid", "event", SENDGRID | {"event": "bounce", "smtp-id": f"<{ref}@nordlys.dk>"}))

    assert statuses(account) == [("email", "undelivered"), ("sms", "queued")]


def test_workers_at_the_same_moment_do_each_event_once(app: Flask):
    accounts = [a_debtor(email="mette@example.com", phone=NUMBER) for _ in range(4)]
    for account in accounts:
        sent(account, f"sms-{account}", NUMBER)
        sent(account, f"mail-{account}", "mette@example.com", channel="email")
    given = [status("undeliverable", f"sms-{account}", code="1190") for account in accounts] + [sms("STOP")]
    given += [
        received(
            "sendgrid", "event", SENDGRID | {"event": "bounce", "sg_event_id": str(account), "ref": f"mail-{account}"}
        )
        for account in reversed(accounts)
    ]

    def work() -> bool:
        webhooks.store(given, now=NOW)
        return webhooks.work(NOW)

    together(
        app, [work, work, work, lambda: suppressions.add("sms", NUMBER, reason="invalid", source="person", now=NOW)]
    )

    assert set(outcomes()) == {"undelivered", "reply"}
    assert len(outcomes()) == len(given)
    told = select(Event.kind, func.count()).where(Event.kind.in_(("message_undelivered", "address_suppressed")))
    assert dict(db.session.execute(told.group_by(Event.kind)).all()) == {
        "message_undelivered": 8,
        "address_suppressed": 12,
    }


def test_one_that_breaks_is_tried_once_more_after_all_others_and_then_left(app: Flask):
    account = a_debtor(email="", phone=NUMBER)
    sent(account, "ours", NUMBER)
    webhooks.store([Received("vonage", "gone", "x", b"{}")], now=NOW)

    webhooks.store([status("delivered", "ours")], now=NOW)

    for is_done in (False, True, True):
        assert webhooks.work(NOW)
        assert outcomes() == ["broke: KeyError", "delivered"]
        first = select(Webhook.done_at).order_by(Webhook.id)
        assert (db.session.scalars(first).first() is not None) == is_done
