"""The real SDK against the double: what each answer means, and never a second request."""

import re
import socket
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests.adapters.keys import PRIVATE_KEY
from tests.adapters.test_outbox_files import an_outbound
from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, the_message
from wiseops.adapters.sms_vonage import SmsVonage
from wiseops.adapters.vonage_clients import Account, BadKey
from wiseops.domain.messages import Failure, Outbound, SendFailed
from wiseops.doubles.orders import Order
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Automation, Channel
from wiseops.services import messages
from wiseops.services.transaction import transaction

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

    assert failed.failure is failure
    assert double.sink.asked == {"r1": 1}
    assert not re.search(r"\d{6}|Husk", failed.detail)


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


@pytest.mark.parametrize(
    ("order", "status"), [(None, "sent"), *((ROWS[at][0], ROWS[at][2]) for at in (0, 4, 5, 7, 9, 10))]
)
def test_what_becomes_of_the_message(app: Flask, double: VonageDouble, order: Order | None, status: str):
    running()
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"
    account = a_debtor(email="", phone="+45 20 12 34 56")
    double.tell(*([order] if order else []))
    sender, files = a_sender(double.address), Recorder()

    messages.send_due(NOW, senders={"sms": sender, "email": files, "file": files})

    message = the_message(account)
    assert (message.status, message.channel) == (status, "sms")
    assert (message.provider_id is not None) is (status == "sent")
    assert double.sink.asked[message.ref] == 1
    stopped = db.session.scalar(select(Channel.stopped_at).where(Channel.name == "sms")) is not None
    assert stopped is (order is not None and order.code == 401)
