"""A whole way out and back: our SMS at the double, its statuses and an answer at our webhooks."""

import time
from dataclasses import replace

from flask import Flask

from tests.adapters.keys import PRIVATE_KEY
from tests.browser.live import serving
from tests.factories import NOW, a_debtor, running
from tests.outboxes import senders, statuses, the_message
from wiseops.adapters.sms_vonage import SmsVonage
from wiseops.adapters.vonage_clients import Account
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.queries import replies, suppressions
from wiseops.services import messages, webhooks
from wiseops.services.transaction import transaction

NUMBER = "+4520123456"


def test_an_sms_goes_out_its_statuses_come_back_twice_in_the_wrong_order_and_stop_is_heard(app: Flask):
    running()
    account = a_debtor(email="", phone=NUMBER)
    with transaction():
        db.session.get_one(Automation, 1).mode = "live"
    with serving(app) as address, VonageDouble(statuses=("delivered", "submitted"), times=2) as double:
        app.extensions["wiseops"] = replace(app.extensions["wiseops"], vonage_signature_secret=double.secret)
        ours = Account("app-1", PRIVATE_KEY, "+4599999999", f"{address}/webhooks/vonage/status", double.address)

        assert messages.send_due(NOW, senders=senders(SmsVonage(ours))).sent == 1  # type: ignore[arg-type]
        end = time.monotonic() + 10
        while len(double.answers) < 4 and time.monotonic() < end:
            time.sleep(0.02)
        told = {
            "message_uuid": "in-1",
            "from": "4520123456",
            "to": "4599999999",
            "message_type": "text",
            "text": "STOP",
        }
        double.post(f"{address}/webhooks/vonage/inbound", told)

        assert double.answers == [200] * 5
        db.session.rollback()
        webhooks.work(NOW)

    assert statuses(account) == [("sms", "delivered")]
    (reply,) = replies.of_account(account)
    assert (reply.keyword, reply.message_id) == ("stop", the_message(account).id)
    assert suppressions.standing("sms", [NUMBER]) == {NUMBER: "opted_out"}
