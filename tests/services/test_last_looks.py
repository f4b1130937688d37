"""What the last look sees."""

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import NOW, TODAY, a_debtor, running
from tests.outboxes import Recorder, messages_of, senders, the_message
from tests.threads import together
from wiseops.domain.entries import Kind, Posting
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import Contact, Engagement, Suppression
from wiseops.queries import automation as queries
from wiseops.services import automation, claims, exclusions, last_looks, messages, postings
from wiseops.services.transaction import transaction


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def send(outbox: Recorder, at=NOW) -> messages.Sending:
    return messages.send_due(at, senders=senders(outbox))


def test_a_payment_that_is_being_posted_is_waited_for(app: Flask):
    account = a_debtor("100.00 DKK")
    outbox, posted = Recorder(), threading.Event()

    def pay() -> None:
        with transaction():
            postings.post([Posting(account, Kind.PAYMENT, None, TODAY, None, "DKK", 10_000)], now=NOW)
            posted.set()
            time.sleep(0.5)

    def look() -> None:
        posted.wait(10)
        send(outbox)

    together(app, [pay, look])

    assert (the_message(account).status, the_message(account).reason, outbox.sent) == ("cancelled", "clear", [])


def test_a_message_of_an_engagement_that_ended_does_not_leave_for_the_next_one():
    account = a_debtor()
    with transaction():
        now_open = db.session.get_one(Engagement, the_message(account).engagement_id)
        ended = Engagement(account_id=account, plan_id=now_open.plan_id, opened_at=NOW, ended_at=NOW)
        ended.end_reason = "stopped"
        db.session.add(ended)
        db.session.flush()
        the_message(account).engagement_id = ended.id
    outbox = Recorder()

    send(outbox)

    ended_one = messages_of(account)[0]
    assert (ended_one.status, ended_one.reason) == ("cancelled", "engagement_ended")


def test_it_goes_to_the_address_of_that_moment():
    account = a_debtor(email="old@example.com")
    with transaction():
        db.session.query(Contact).update({"email": "new@example.com"})
        automation.touch([account])
    outbox = Recorder()

    send(outbox)

    assert [mail.to for mail in outbox.sent] == ["new@example.com"]


def test_a_contact_taken_away_cancels_and_the_next_channel_goes():
    account = a_debtor(phone="+4520123456")
    with transaction():
        db.session.query(Contact).update({"email": None, "default_email": False})
        automation.touch([account])
    outbox = Recorder()

    send(outbox)

    assert [mail.channel for mail in outbox.sent] == ["sms"]


def test_outside_the_contact_window_it_waits_for_the_next_allowed_day():
    account = a_debtor()
    outbox = Recorder()

    done = send(outbox, NOW + timedelta(hours=10, minutes=1))

    assert (done.cancelled, outbox.sent, the_message(account).reason) == (1, [], "window")
    automation.run(NOW + timedelta(days=1))
    assert send(outbox, NOW + timedelta(days=1)).sent == 1


def test_an_address_that_was_shut_meanwhile_is_not_written_to_though_nobody_cancelled():
    account = a_debtor()
    with transaction():
        shut = Suppression(channel="email", address="mette@example.com", reason="opted_out", source="link", at=NOW)
        db.session.add(shut)
    outbox = Recorder()

    send(outbox)

    assert (the_message(account).status, the_message(account).reason, outbox.sent) == ("cancelled", "opted_out", [])


def test_who_is_excluded_while_the_slices_go_gets_nothing_any_more():
    vip = frozenset({"vip"})
    accounts = [a_debtor(email="", phone=f"+45 20 12 34 5{place}", tags=vip) for place in range(2)]
    rule = {"name": "Left alone", "conditions": Conditions(tags=vip), "now": NOW}
    outbox = Recorder(answer=lambda _outbound: exclusions.save(None, **rule))

    send(outbox)

    ended = [(the_message(account).status, the_message(account).reason) for account in accounts]
    assert ended == [("sent", ""), ("cancelled", "blocked")]


def test_once_all_sending_is_stopped_the_look_lets_nothing_go():
    a_debtor()
    claimed = claims.take("email", worker="one", now=NOW)
    with transaction():
        queries.switch().stopped = True

    assert len(claimed) == 1
    assert last_looks.take(claimed, worker="one", senders=senders(Recorder()), now=NOW).ready == []
