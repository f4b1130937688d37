"""Calls that break off, and calls that must not begin."""

import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, failing, live, senders, statuses, the_message
from wiseops.domain.messages import Failure, Outbound
from wiseops.extensions import db
from wiseops.models import Channel, Message
from wiseops.services import automation, channels, claims, deliveries, messages, pauses
from wiseops.services.transaction import transaction


class Broken(Exception):
    """A bug in a backend."""


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def break_on(number: int):
    """A backend that breaks in its nth call."""
    seen: list[Outbound] = []

    def answer(outbound: Outbound) -> None:
        seen.append(outbound)
        if len(seen) == number:
            raise Broken

    return answer


def counts() -> dict[str, int]:
    return dict(db.session.execute(select(Message.status, func.count()).group_by(Message.status)).all())


def test_a_call_that_breaks_is_unknown_the_one_before_is_sent_and_the_next_never_began():
    for _ in range(3):
        a_debtor()
    outbox = Recorder(answer=break_on(2))

    with pytest.raises(Broken):
        messages.send_due(NOW, senders=senders(outbox))

    assert counts() == {"sent": 1, "unknown": 1, "queued": 1}
    automation.run(NOW)
    assert messages.send_due(NOW, senders=senders(outbox)).sent == 1
    assert (counts(), len(outbox.sent)) == ({"sent": 2, "unknown": 1}, 2)


def test_after_an_unclear_answer_no_further_call_of_the_slice_begins():
    for _ in range(3):
        a_debtor()
    outbox = Recorder(answer=failing(Failure.UNKNOWN))

    messages.send_due(NOW, senders=senders(outbox), is_over=iter([False, True, True]).__next__)

    assert counts() == {"unknown": 1, "queued": 2}


def test_a_break_between_claim_and_look_gives_the_claim_back():
    account = a_debtor()

    class Breaks(Recorder):
        @property
        def reaches_people(self) -> bool:
            raise Broken

        @reaches_people.setter
        def reaches_people(self, _value: bool) -> None: ...

    with pytest.raises(Broken):
        messages.send_due(NOW, senders=senders(Breaks()))

    assert the_message(account).status == "queued"


def test_no_transaction_is_open_while_a_call_lasts():
    account = a_debtor()
    seen: list[bool] = []

    messages.send_due(
        NOW, senders=senders(Recorder(answer=lambda _outbound: seen.append(db.session().in_transaction())))
    )

    assert (seen, the_message(account).status) == ([False], "sent")


def test_no_call_begins_later_than_its_pause_read_allows():
    for _ in range(3):
        a_debtor()
    outbox = Recorder(answer=lambda _outbound: time.sleep(deliveries.BEGINS_WITHIN / 2 + 0.05))

    messages.send_due(NOW, senders=senders(outbox), is_over=iter([False, True, True]).__next__)

    assert counts() == {"sent": 2, "queued": 1}


def test_a_pause_during_a_slice_cancels_what_had_not_begun():
    for _ in range(3):
        a_debtor()

    def pause(_outbound: Outbound) -> None:
        pauses.begin(reason="Stop", now=NOW)
        time.sleep(deliveries.BEGINS_WITHIN)

    messages.send_due(NOW, senders=senders(Recorder(answer=pause)))

    assert counts() == {"sent": 1, "cancelled": 2}
    cancelled = db.session.scalars(select(Message.reason).where(Message.status == "cancelled").distinct()).all()
    assert cancelled == ["paused"]


def test_a_pause_after_the_look_stops_the_call_that_was_about_to_begin():
    a_debtor()
    outbox = Recorder()
    read = iter(range(100))

    def clock() -> datetime:
        if next(read) == 3:  # two claims, the look, and now the calls
            pauses.begin(reason="Stop", now=NOW)
        return NOW

    messages.send_due(NOW, senders=senders(outbox), clock=clock)

    assert (counts(), outbox.sent) == ({"cancelled": 1}, [])


def test_the_sweep_takes_only_what_nobody_can_still_be_sending():
    account = a_debtor()
    with transaction():
        row = the_message(account)
        row.status, row.sending_at = "sending", NOW

    assert messages.sweep(NOW + timedelta(seconds=60)) == 0
    assert messages.sweep(NOW + timedelta(seconds=61)) == 1

    assert (the_message(account).status, the_message(account).reason) == ("unknown", "cut_off")
    assert messages.send_due(NOW + timedelta(seconds=61), senders=senders(Recorder())).sent == 0
    assert statuses(account) == [("email", "unknown")]


def test_a_late_answer_moves_unknown_to_sent():
    account = a_debtor()

    def swept(_outbound: Outbound) -> None:
        messages.sweep(NOW + timedelta(minutes=5))
        assert the_message(account).status == "unknown"

    messages.send_due(NOW, senders=senders(Recorder(answer=swept)))

    assert the_message(account).status == "sent"


def test_a_late_answer_does_not_overrule_a_person():
    account = a_debtor()

    def settled(_outbound: Outbound) -> None:
        messages.sweep(NOW + timedelta(minutes=5))
        messages.settle([the_message(account).id], was_sent=False, note="Not in the log", now=NOW, by_id=None)

    messages.send_due(NOW, senders=senders(Recorder(answer=settled)))

    assert (the_message(account).status, the_message(account).reason) == ("failed", "Not in the log")


def test_a_process_that_must_end_writes_down_what_it_knows():
    for _ in range(3):
        a_debtor()
    seen: list[Outbound] = []

    def cut(outbound: Outbound) -> None:
        seen.append(outbound)
        if len(seen) == 2:
            deliveries.cut_off(NOW)
            raise Broken

    with pytest.raises(Broken):
        messages.send_due(NOW, senders=senders(Recorder(answer=cut)))

    assert counts() == {"sent": 1, "unknown": 1, "queued": 1}


def test_what_a_person_settles_as_sent_counts_as_sent():
    account = a_debtor(phone="+4520123456")
    messages.send_due(NOW, senders=senders(Recorder(answer=failing(Failure.UNKNOWN))))

    done = messages.settle([the_message(account).id], was_sent=True, note="The customer answered", now=NOW, by_id=None)

    row = the_message(account)
    assert (done, row.status, row.sent_at, row.reason) == (1, "sent", NOW, "The customer answered")


def test_what_a_person_settles_as_not_sent_goes_to_the_next_channel():
    account = a_debtor(phone="+4520123456")
    outbox = Recorder()
    messages.send_due(NOW, senders=senders(Recorder(answer=failing(Failure.UNKNOWN)), sms=outbox))
    (key,) = db.session.scalars(select(Message.id)).all()

    messages.settle([key], was_sent=False, note="Not in the provider's log", now=NOW, by_id=None)
    again = messages.settle([key], was_sent=True, note="Oh", now=NOW, by_id=None)
    messages.send_due(NOW, senders=senders(outbox))

    assert (again, statuses(account)) == (0, [("email", "failed"), ("sms", "sent")])


def test_each_call_of_a_slice_waits_for_its_slot_among_those_of_all_workers():
    for place in range(3):
        a_debtor(email=f"k{place}@example.com")
    live()
    with transaction():
        channel = db.session.scalars(select(Channel).where(Channel.name == "email")).one()
        channel.per_second, channel.next_slot_at = 10, NOW + timedelta(seconds=0.2)
    began: list[float] = []
    real = Recorder(reaches_people=True, answer=lambda _outbound: began.append(time.monotonic()))
    start = time.monotonic()

    messages.send_due(NOW, senders=senders(real), clock=lambda: NOW + timedelta(seconds=time.monotonic() - start))

    assert [at - start >= 0.19 + 0.1 * place for place, at in enumerate(began)] == [True] * 3
    assert claims.take("email", worker="next", now=NOW) == []


def test_slots_are_as_far_apart_as_the_pace_says_whoever_takes_them():
    with transaction():
        db.session.scalars(select(Channel).where(Channel.name == "sms")).one().per_second = 4
    quarter = timedelta(seconds=0.25)

    taken = []
    for count, at in ((2, NOW), (2, NOW), (1, NOW + timedelta(minutes=1))):
        with transaction():
            taken += channels.take_slots("sms", count, at)

    assert taken == [NOW, NOW + quarter, NOW + 2 * quarter, NOW + 3 * quarter, NOW + timedelta(minutes=1)]
