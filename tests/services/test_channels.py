"""A channel that is stopped, or rests, and how fast it goes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, failing, live, senders, the_message
from wiseops.domain.messages import Failure, Outbound
from wiseops.extensions import db
from wiseops.models import Channel, Message
from wiseops.queries import automation as queries
from wiseops.services import channels, messages, pauses
from wiseops.services.transaction import transaction

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def counts() -> dict[str, int]:
    return dict(db.session.execute(select(Message.status, func.count()).group_by(Message.status)).all())


def the_channel(name: str = "email") -> Channel:
    query = select(Channel).where(Channel.name == name)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def counting(answer: Callable[[Outbound], None]) -> tuple[Callable[[Outbound], None], list[str]]:
    """The same answer, and the references of whom it was given to."""
    asked: list[str] = []

    def answered(outbound: Outbound) -> None:
        asked.append(outbound.ref)
        answer(outbound)

    return answered, asked


@pytest.mark.parametrize("contact", [{"email": "", "phone": "+4520123456"}, {}], ids=["sms", "email"])
def test_a_channel_that_stops_is_not_called_again_for_what_was_claimed(contact: dict[str, str]):
    for _ in range(12):
        a_debtor(**contact)
    answer, asked = counting(failing(Failure.CHANNEL, "Payment required."))

    messages.send_due(NOW, senders=senders(Recorder(answer=answer)))

    assert (len(asked), counts()) == (1, {"queued": 12})


def test_a_channel_that_stops_while_one_pauses_keeps_its_reason():
    account = a_debtor()

    def refuse(outbound: Outbound) -> None:
        pauses.begin(reason="Lunch", now=NOW)
        failing(Failure.CHANNEL, "Payment required.")(outbound)

    messages.send_due(NOW, senders=senders(Recorder(answer=refuse)))

    assert (the_message(account).status, the_message(account).reason) == ("cancelled", "paused")
    assert (the_channel().stopped_at, the_channel().stop_reason) == (NOW, "Payment required.")


def test_a_channel_stops_though_its_message_has_moved_on():
    account = a_debtor()

    def refuse(outbound: Outbound) -> None:
        with transaction():
            the_message(account).status = "delivered"
        failing(Failure.CHANNEL, "Payment required.")(outbound)

    messages.send_due(NOW, senders=senders(Recorder(answer=refuse)))

    assert (the_message(account).status, the_channel().stop_reason) == ("delivered", "Payment required.")


def stop_all() -> None:
    with transaction():
        queries.switch().stopped = True


def stop_email() -> None:
    channels.stop("email", reason="No", now=NOW)


@pytest.mark.parametrize(("stop", "reading"), [(stop_email, 2), (stop_email, 3), (stop_all, 3)])
def test_what_stops_after_the_claim_keeps_the_call_from_beginning(stop: Callable[[], None], reading: int):
    account = a_debtor()
    outbox = Recorder()
    read = iter(range(100))

    def clock() -> datetime:
        if next(read) == reading:  # two claims, the look, and now the calls
            stop()
        return NOW

    messages.send_due(NOW, senders=senders(outbox), clock=clock)

    assert (the_message(account).status, outbox.sent) == ("queued", [])


def test_a_black_hole_costs_one_deadline_and_leaves_the_queue():
    for _ in range(10):
        a_debtor()
    answer, asked = counting(failing(Failure.UNKNOWN, timed_out=True))
    silent = senders(Recorder(answer=answer))

    done = messages.send_due(NOW, senders=silent)

    assert (done.unknown, len(asked), counts()) == (1, 1, {"unknown": 1, "queued": 9})
    messages.send_due(NOW + MINUTE - timedelta(seconds=1), senders=silent)
    assert len(asked) == 1
    messages.send_due(NOW + MINUTE, senders=silent)
    assert (len(asked), the_channel().rests_until) == (2, NOW + 6 * MINUTE)
    assert messages.send_due(NOW + 6 * MINUTE, senders=senders(Recorder())).sent == 8
    assert (the_channel().unclear, the_channel().rests_until) == (0, None)


def test_a_server_that_drops_call_after_call_is_left_alone_after_the_third():
    for _ in range(5):
        a_debtor()
    answer, asked = counting(failing(Failure.UNKNOWN))

    messages.send_due(NOW, senders=senders(Recorder(answer=answer)))

    assert (len(asked), counts()) == (3, {"unknown": 3, "queued": 2})


def test_what_others_had_on_the_wire_makes_a_rest_no_longer():
    for _ in range(2):
        channels.doubt("email", timed_out=True, is_first=False, now=NOW)

    assert the_channel().rests_until == NOW + MINUTE
    channels.start("email", now=NOW, by_id=None)
    assert the_channel().rests_until is None


def test_a_slice_takes_no_slot_that_it_cannot_use():
    for place in range(3):
        a_debtor(email=f"k{place}@example.com")
    live()
    with transaction():
        the_channel().per_second = 2
    real = Recorder(reaches_people=True)

    messages.send_due(NOW, senders=senders(real), is_over=iter([False, False, True, True]).__next__)

    assert len(real.sent) == 1
    assert the_channel().next_slot_at == NOW + timedelta(seconds=0.5)
