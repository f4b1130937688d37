"""Who may send a message, and for how long."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, messages_of, senders, the_message
from tests.threads import together
from wiseops.extensions import db
from wiseops.models import Channel, Message
from wiseops.queries import automation as queries
from wiseops.services import claims, last_looks, messages, pauses
from wiseops.services.claims import Claim
from wiseops.services.transaction import transaction


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def claimed(worker: str, now=NOW) -> list[int]:
    return [claim.message_id for claim in claims.take("email", worker=worker, now=now)]


def test_a_claimed_message_is_nobody_elses():
    account = a_debtor()

    assert claimed("one") == [the_message(account).id]
    assert claimed("two") == []


def test_what_is_not_due_is_not_claimed():
    account = a_debtor()
    with transaction():
        the_message(account).not_before = NOW + timedelta(seconds=1)

    assert claimed("one") == []
    assert len(claimed("one", NOW + timedelta(seconds=1))) == 1


def test_while_paused_nothing_automatic_is_claimed():
    account = a_debtor()
    with transaction():
        queries.switch().paused = True

    assert claimed("one") == []
    with transaction():
        the_message(account).automated = False
    assert len(claimed("one")) == 1


def test_a_pause_that_is_over_holds_nothing():
    a_debtor()
    with transaction():
        queries.switch().paused, queries.switch().pause_until = True, NOW

    assert len(claimed("one")) == 1


def test_a_stopped_channel_is_left_alone():
    a_debtor()
    with transaction():
        channel = db.session.scalars(select(Channel).where(Channel.name == "email")).one()
        channel.stopped_at = NOW

    assert claimed("one") == []


def test_while_all_sending_is_stopped_nothing_is_claimed():
    a_debtor()
    with transaction():
        queries.switch().stopped = True

    assert claimed("one") == []


def test_an_expired_claim_goes_back_because_nothing_left():
    account = a_debtor()
    claimed("killed")
    late = NOW + claims.LASTS + timedelta(seconds=1)

    assert claims.expire(NOW + claims.LASTS) == 0
    assert claims.expire(late) == 1

    assert (the_message(account).status, the_message(account).claimed_by) == ("queued", None)
    assert len(claimed("next", late)) == 1


def test_a_worker_that_lost_its_claim_sends_nothing_of_it():
    account = a_debtor()
    outbox = Recorder()
    claimed("slow")
    claims.expire(NOW + timedelta(hours=1))
    claimed("fast")

    mine = [Claim(the_message(account).id, account, "email")]
    assert last_looks.take(mine, worker="slow", senders=senders(outbox), now=NOW).ready == []
    assert len(last_looks.take(mine, worker="fast", senders=senders(outbox), now=NOW).ready) == 1


def test_four_workers_at_once_send_everything_once(app: Flask):
    debtors = [a_debtor(phone="+4520123456") for _ in range(24)]
    outbox = Recorder()

    together(app, [lambda: messages.send_due(NOW, senders=senders(outbox))] * 4)

    assert sorted(mail.ref for mail in outbox.sent) == sorted(
        message.ref for a in debtors for message in messages_of(a)
    )
    assert len(outbox.sent) == 24
    assert db.session.scalar(select(func.count()).where(Message.status == "sent")) == 24


def test_a_pause_among_four_workers_stops_them_and_leaves_nothing_half_way(app: Flask):
    for _ in range(24):
        a_debtor()
    outbox = Recorder()

    work = [lambda: messages.send_due(NOW, senders=senders(outbox))] * 3
    together(app, [*work, lambda: pauses.begin(reason="Stop", now=NOW)])

    counts = dict(db.session.execute(select(Message.status, func.count()).group_by(Message.status)).all())
    assert set(counts) <= {"sent", "cancelled"}
    assert counts.get("sent", 0) == len(outbox.sent)
    assert sum(counts.values()) == 24
