"""Whose a reply is, and what its keywords do."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.events import sent, sms
from tests.factories import NOW, a_contact, a_debtor, an_account, running
from tests.outboxes import messages_of
from wiseops.extensions import db
from wiseops.models import Reply
from wiseops.queries import replies, suppressions
from wiseops.services import webhooks

NUMBER = "+4520123456"


def write(*texts: str, number: str = "4520123456") -> list[Reply]:
    for text in texts:
        count = len(db.session.scalars(select(Reply.id)).all())
        at = f"2026-03-02T08:00:{count:02}Z"
        webhooks.store([sms(text, number=number, uuid=f"in-{count}", at=at)], now=NOW)
        webhooks.work(NOW)
    return list(db.session.scalars(select(Reply).order_by(Reply.id)))


def with_number(number: str = NUMBER) -> int:
    account = an_account()
    a_contact(account, phone=number)
    return account


def test_a_reply_goes_to_the_account_that_was_last_written_to_at_that_number(app: Flask):
    first, second, third = with_number(), with_number(), with_number()
    sent(third, "never", NUMBER, state="queued", sending_at=None)
    sent(first, "a", NUMBER)
    answered = sent(second, "b", NUMBER, sending_at=NOW + timedelta(minutes=1))
    sent(first, "c", "+4520123457", sending_at=NOW + timedelta(minutes=2))

    (reply,) = write("When do I have to pay?")

    assert (reply.account_id, reply.message_id, reply.keyword) == (second, answered, "")
    assert [found.id for found in replies.of_account(second)] == [reply.id]
    assert replies.of_account(first) == []


def test_the_only_account_with_the_number_needs_no_message_before(app: Flask):
    account = with_number()

    assert [reply.account_id for reply in write("Hello")] == [account]


def test_what_nobody_can_place_waits_without_an_account(app: Flask):
    with_number(), with_number()

    (shared, stranger, short) = [write("Hello"), write("Hi", number="4529999999"), write("STOP", number="1204")][-1]

    assert [shared.account_id, stranger.account_id, short.account_id] == [None, None, None]


def test_stop_acts_on_every_account_with_the_number_and_start_ends_it(app: Flask):
    running()
    first, second = a_debtor(email="", phone=NUMBER), a_debtor(email="", phone=NUMBER)

    write("Stop.")

    assert suppressions.standing("sms", [NUMBER]) == {NUMBER: "opted_out"}
    assert suppressions.standing("call", [NUMBER]) == {}
    for account in (first, second):
        assert messages_of(account)[0].reason == "opted_out"
    write("Please help", "HELP")
    assert suppressions.standing("sms", [NUMBER]) == {NUMBER: "opted_out"}
    assert [reply.keyword for reply in write("START")] == ["stop", "", "help", "start"]
    assert suppressions.standing("sms", [NUMBER]) == {}
