"""The real SDK against the double: what each answer means, and never a second request."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from requests import Response

from tests.adapters.keys import PRIVATE_KEY
from tests.adapters.test_outbox_files import an_outbound
from tests.events import sent
from tests.factories import NOW, a_debtor, always_open, an_account, running
from tests.outboxes import Recorder, live, put_aside, the_message
from wiseops.adapters.sms_vonage import SmsVonage
from wiseops.adapters.vonage_clients import Account, BadKey, asks_to_wait
from wiseops.domain.messages import Failure, Outbound, SendFailed
from wiseops.doubles.orders import Order
from wiseops.doubles.vonage import VonageDouble
from wiseops.services import messages

FILES = Recorder()
STATUS_URL = "http://127.0.0.1:1/webhooks/vonage/status"


@pytest.fixture(scope="module")
def server() -> Iterator[VonageDouble]:
    with VonageDouble() as double:
        yield double


@pytest.fixture
def double(server: VonageDouble) -> VonageDouble:
    server.sink.clear()
    return server


def a_sender(host: str, total: float = 5.0) -> SmsVonage:
    return SmsVonage(Account("app-1", PRIVATE_KEY, "+4599999999", STATUS_URL, plain_host=host), total=total)


def an_sms(**more: object) -> Outbound:
    return an_outbound(**({"channel": "sms", "to": "+4520123456", "subject": "", "body": "Husk 100 kr."} | more))


def failure_of(sender: SmsVonage, sms: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        sender.send(sms)
    return failed.value


def test_a_message_arrives_as_vonage_wants_it(double: VonageDouble):
    accepted = a_sender(double.address).send(an_sms(sender="Nordlys"))

    (message,) = double.sink.kept
    assert message.pop("message_uuid") == accepted.provider_id
    assert message == {
        "to": "4520123456",
        "from": "Nordlys",
        "text": "Husk 100 kr.",
        "client_ref": "r1",
        "webhook_url": STATUS_URL,
        "channel": "sms",
        "message_type": "text",
    }


def test_without_a_sender_our_number_stands_there(double: VonageDouble):
    a_sender(double.address).send(an_sms())

    assert double.sink.kept[0]["from"] == "4599999999"


ROWS = [
    (Order("refuse", 401), Failure.CHANNEL, "queued"),
    (Order("refuse", 402), Failure.CHANNEL, "queued"),
    (Order("refuse", 403), Failure.CHANNEL, "queued"),
    (Order("refuse", 404), Failure.CHANNEL, "queued"),
    (Order("refuse", 422), Failure.REJECTED, "failed"),
    (Order("refuse", 429), Failure.TRY_LATER, "queued"),
    (Order("refuse", 400), Failure.UNKNOWN, "unknown"),
    (Order("refuse", 500), Failure.UNKNOWN, "unknown"),
    (Order("refuse", 503), Failure.UNKNOWN, "unknown"),
    (Order("empty"), Failure.UNKNOWN, "unknown"),
    (Order("drop"), Failure.UNKNOWN, "unknown"),
    (Order("drop", keep=True), Failure.UNKNOWN, "unknown"),
    (Order("hang", seconds=3), Failure.UNKNOWN, "unknown"),
]
NAMES = [f"{order.act}-{order.code or order.keep}" for order, _failure, _status in ROWS]


@pytest.mark.parametrize(("order", "failure"), [row[:2] for row in ROWS], ids=NAMES)
def test_each_answer_has_its_meaning_and_gets_one_request(double: VonageDouble, order: Order, failure: Failure):
    double.tell(order)

    failed = failure_of(a_sender(double.address, total=1.0), an_sms())

    assert (failed.failure, failed.timed_out) == (failure, order.act == "hang")
    assert double.sink.asked == {"r1": 1}
    assert not re.search(r"\d{6}|Husk", failed.detail)


@pytest.mark.parametrize(("header", "seconds"), [("600", 600), ("9" * 99, 999_999_999), ("soon", 0), ("²", 0), ("", 0)])
def test_how_long_it_wants_to_be_left_alone_is_what_it_says_in_seconds(header: str, seconds: int):
    response = Response()
    response.headers["Retry-After"] = header

    assert asks_to_wait(response) == seconds


def test_an_answer_that_comes_a_byte_at_a_time_is_not_waited_for(double: VonageDouble):
    sender = a_sender(double.address, total=0.3)
    sender.warm()
    double.tell(Order("drip", seconds=0.05))
    began = time.monotonic()

    failed = failure_of(sender, an_sms())

    assert failed.failure is Failure.UNKNOWN
    assert time.monotonic() - began < 1.0
    assert double.sink.taken == {"r1": 1}


def test_a_connection_that_was_dropped_while_idle_does_not_stand_in_the_way(double: VonageDouble):
    sender = a_sender(double.address)
    double.tell(Order("drop", times=1))
    failure_of(sender, an_sms())

    sender.send(an_sms(ref="r2"))

    assert double.sink.taken == {"r2": 1}


def test_nobody_listening_is_tried_again_later():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))

        failed = failure_of(a_sender(f"127.0.0.1:{reserved.getsockname()[1]}"), an_sms())

    assert failed.failure is Failure.TRY_LATER


@pytest.mark.parametrize("wrong", [{"to": "+45"}, {"body": "x" * 3201}])
def test_what_vonage_would_never_take_is_not_asked(double: VonageDouble, wrong: dict[str, str]):
    assert failure_of(a_sender(double.address), an_sms(**wrong)).failure is Failure.REJECTED
    assert double.sink.asked.total() == 0


@pytest.mark.parametrize("pem", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_a_key_that_is_none_is_told_at_the_start(pem: str):
    with pytest.raises(BadKey):
        SmsVonage(Account("app-1", pem, "+4599999999", STATUS_URL))


def test_each_answer_ends_where_the_table_says(app: Flask, double: VonageDouble):
    live()
    always_open()
    account = an_account()
    ended: dict[str, tuple[str, bool]] = {}

    for name, order in [("taken", None), *zip(NAMES, (row[0] for row in ROWS), strict=True)]:
        message = sent(account, name, "+4520123456", state="queued", body="Husk 100 kr.")
        double.tell(*([order] if order else []))
        messages.send_due(NOW, senders={"sms": a_sender(double.address, total=1.0), "email": FILES, "file": FILES})
        ended[name] = put_aside(message)

    rows = zip(NAMES, ROWS, strict=True)
    wanted = {name: (status, failure is Failure.CHANNEL) for name, (_order, failure, status) in rows}
    assert ended == wanted | {"taken": ("sent", False)}
    assert double.sink.asked == dict.fromkeys(ended, 1)


def test_whoever_takes_no_more_is_asked_again_when_he_wants(app: Flask, double: VonageDouble):
    running()
    live()
    account = a_debtor(email="", phone="+45 20 12 34 56")
    double.tell(Order("refuse", 429, seconds=600))

    messages.send_due(NOW, senders={"sms": a_sender(double.address), "email": FILES, "file": FILES})

    assert (the_message(account).status, the_message(account).not_before) == ("queued", NOW + timedelta(minutes=10))


def test_a_message_that_nobody_answers_the_door_for_waits(app: Flask):
    running()
    live()
    account = a_debtor(email="", phone="+45 20 12 34 56")
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        sender = a_sender(f"127.0.0.1:{reserved.getsockname()[1]}")

        messages.send_due(NOW, senders={"sms": sender, "email": FILES, "file": FILES})

    message = the_message(account)
    assert (message.status, message.attempts, message.not_before > NOW) == ("queued", 1, True)
