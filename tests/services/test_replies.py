"""Whose a reply is, and what its keywords do."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.events import sent, sms
from tests.factories import NOW, a_contact, a_debtor, an_account, running
from tests.outboxes import messages_of
from wiseops.extensions import db
from wiseops.formats import vonage
from wiseops.models import Reply
from wiseops.queries import inbox, replies, suppressions
from wiseops.services import replies as service
from wiseops.services import webhooks

NUMBER = "+4520123456"


def write(*texts: str, number: str = "4520123456") -> list[Reply]:
    for text in texts:
        count = len(db.session.scalars(select(Reply.id)).all())
        at = f"2026-03-02T08:00:{count:02}Z"
        webhooks.store([sms(text, number=number, uuid=f"in-{count}", at=at)], now=NOW)
        webhooks.work(NOW)
    return list(db.session.scalars(select(Reply).order_by(Reply.id)))


def receive(text: str, at: int) -> None:
    came = sms(text, uuid=f"{at}", at=f"2026-03-02T08:00:{at:02}Z")
    service.receive(vonage.inbound(came.body), now=NOW)


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


def test_parts_of_an_sms_are_one_reply_whichever_comes_first_and_however_often(app: Flask):
    account = with_number()
    first, second, third = (
        sms(letter * count, uuid=letter, at=f"2026-03-02T08:00:0{at}Z")
        for at, (letter, count) in enumerate((("a", 153), ("b", 153), ("c", 9)))
    )
    for received in (second, third, first, third, second):
        service.receive(vonage.inbound(received.body), now=NOW)

    (reply,) = replies.of_account(account)
    assert reply.body == "a" * 153 + "b" * 153 + "c" * 9
    assert reply.received_at == vonage.inbound(first.body).at
    assert [waiting.reply.body for waiting in inbox.rows("all", user_id=0)] == [reply.body]


def test_what_comes_after_somebody_has_read_or_handled_a_part_waits_by_itself(app: Flask):
    account = with_number()
    receive("a" * 153, 0)
    service.read(account, NUMBER, up_to=9, now=NOW)
    receive("b" * 153, 1)
    later, seen = replies.of_account(account)
    service.handle(seen.id, seen_at=account, now=NOW, by_id=None)
    assert ([waiting.reply.id for waiting in inbox.rows("all", user_id=0)], later.body) == ([later.id], "b" * 153)

    receive("c" * 153, 2)
    assert (len(replies.of_account(account)), replies.standing(account).unread) == (2, 1)
    service.handle(later.id, seen_at=account, now=NOW, by_id=None)
    receive("d", 3)
    assert [len(row.body) for row in replies.of_account(account)] == [1, 306, 153]


def test_stop_is_no_part_of_what_was_said_before(app: Flask):
    account = with_number()
    receive("a" * 153, 0)
    receive("Stop", 1)

    assert len(replies.of_account(account)) == 2
    assert suppressions.standing("sms", [NUMBER]) == {NUMBER: "opted_out"}
