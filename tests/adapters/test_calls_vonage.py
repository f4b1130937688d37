"""The real SDK against the double: one request a call, and what each answer means."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.adapters.keys import PRIVATE_KEY
from tests.browser.live import serving
from tests.calling import a_callable, someone
from tests.factories import NOW
from wiseops import config
from wiseops.adapters import senders
from wiseops.adapters.calls_vonage import CallsVonage
from wiseops.adapters.vonage_clients import Account
from wiseops.config import Misconfigured
from wiseops.domain.calls import CallFailed
from wiseops.doubles.orders import Order
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Call
from wiseops.services import calls, webhooks

VOICE = "http://127.0.0.1:1/webhooks/vonage/voice"


@pytest.fixture(scope="module")
def server() -> Iterator[VonageDouble]:
    with VonageDouble() as double:
        yield double


def a_caller(host: str, url: str = VOICE, total: float = 5.0) -> CallsVonage:
    return CallsVonage(Account("app-1", PRIVATE_KEY, "+4599999999", url, plain_host=host), total=total)


def test_our_phone_is_asked_for_and_theirs_joined(server: VonageDouble):
    placed = a_caller(server.address).call("r-1", to_collector="+4530123456", to_debtor="+4520123456")

    row = server.calls.rows[-1]
    assert (placed.leg_id, placed.talk_id) == (row["uuid"], row["conversation_uuid"])
    assert {name: row[name] for name in ("from", "event_url", "ringing_timer")} == {
        "from": {"type": "phone", "number": "4599999999"},
        "event_url": [f"{VOICE}?call=r-1&leg=collector"],
        "ringing_timer": 30,
    }
    assert row["to"] == [{"type": "phone", "number": "4530123456"}]
    (join,) = row["ncco"]
    assert (join["action"], join["from"], join["timeout"]) == ("connect", "4599999999", 30)
    assert join["endpoint"] == [{"type": "phone", "number": "4520123456"}]
    assert join["eventUrl"] == [f"{VOICE}?call=r-1&leg=debtor"]


ROWS = [
    *((Order("refuse", code, at="call"), False) for code in (401, 402, 403, 404, 422, 429)),
    (Order("refuse", 500, at="call"), True),
    (Order("refuse", 503, at="call"), True),
    (Order("empty", at="call"), True),
    (Order("drop", at="call"), True),
    (Order("hang", seconds=2, at="call"), True),
]


@pytest.mark.parametrize(("order", "unclear"), ROWS, ids=[f"{order.act}-{order.code}" for order, _ in ROWS])
def test_each_answer_has_its_meaning_and_gets_one_request(server: VonageDouble, order: Order, unclear: bool):
    server.sink.clear()
    server.tell(order)

    with pytest.raises(CallFailed) as failed:
        a_caller(server.address, total=0.5).call("r-2", to_collector="+4530123456", to_debtor="+4520123456")

    assert failed.value.unclear is unclear
    assert server.sink.asked == {"r-2": 1}
    assert not re.search(r"\d{6}", failed.value.detail)
    server.tell()


def test_nobody_listening_and_a_number_that_is_none_start_no_call(server: VonageDouble):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        for host, number in ((f"127.0.0.1:{reserved.getsockname()[1]}", "+4520123456"), (server.address, "+45")):
            with pytest.raises(CallFailed) as failed:
                a_caller(host).call("r-3", to_collector="+4530123456", to_debtor=number)
            assert not failed.value.unclear


def test_a_call_is_hung_up_once_and_one_that_is_over_stays_so(server: VonageDouble):
    caller = a_caller(server.address)
    placed = caller.call("r-4", to_collector="+4530123456", to_debtor="+4520123456")

    for _time in range(2):
        caller.hang_up(placed.leg_id)

    assert server.calls.rows[-1]["ended"]
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(CallFailed, match="could not be reached"):
            a_caller(f"127.0.0.1:{reserved.getsockname()[1]}").hang_up(placed.leg_id)


def test_what_click_to_call_needs_is_named(tmp_path):
    environ = {"WISEOPS_DATA_DIR": str(tmp_path), "CALL_BACKEND": "vonage", "VONAGE_APPLICATION_ID": "a"}
    given = {"VONAGE_PRIVATE_KEY": PRIVATE_KEY, "VONAGE_SIGNATURE_SECRET": "s", "VONAGE_NUMBER": "+4599999999"}

    for name in given:
        with pytest.raises(Misconfigured, match=name):
            config.read(environ | {other: value for other, value in given.items() if other != name})
    assert isinstance(senders.caller(config.read(environ | given)), CallsVonage)
    assert senders.caller(config.read(environ | {"CALL_BACKEND": "link"})) is None


def test_a_call_goes_out_and_its_news_comes_back(app: Flask):
    account = a_callable()
    with serving(app) as address, VonageDouble(call_end="busy") as double:
        app.extensions["wiseops"] = replace(app.extensions["wiseops"], vonage_signature_secret=double.secret)
        caller = a_caller(double.address, f"{address}/webhooks/vonage/voice")

        call_id = calls.begin(account, 1, token="t", caller=caller, now=NOW, by=someone())
        end = time.monotonic() + 10
        while len(double.answers) < 7 and time.monotonic() < end:
            time.sleep(0.02)

        assert double.answers == [200] * 7
        db.session.rollback()
        webhooks.work(NOW)

    call = db.session.get_one(Call, call_id, populate_existing=True)
    assert (call.state, call.collector_leg, call.debtor_leg, call.answered_at) == ("busy", "completed", "busy", None)
