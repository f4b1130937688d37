"""Pausing while a thousand messages wait and two senders are at them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, insert, select, update

from tests.adapters.keys import PRIVATE_KEY
from tests.factories import NOW, TODAY, running
from tests.outboxes import Recorder, Watch
from tests.web.conftest import Browser
from wiseops.adapters.sms_vonage import Account as VonageAccount
from wiseops.adapters.sms_vonage import SmsVonage
from wiseops.doubles.orders import Order
from wiseops.doubles.vonage import VonageDouble
from wiseops.extensions import db
from wiseops.models import Account, Automation, Channel, Contact, Entry, Message
from wiseops.services import automation, messages
from wiseops.services.transaction import transaction

MANY = 1000


def test_no_call_begins_later_than_a_second_after_the_pause_is_answered(app: Flask, manager: Browser):
    book()
    watch = Watch()
    watch.tell(Order("delay", seconds=0.01))
    with VonageDouble(sink=watch) as double:
        workers = [threading.Thread(target=work, args=(app, double.address)) for _ in range(2)]
        for worker in workers:
            worker.start()
        until = time.monotonic() + 20
        while len(watch.began) < 20 and time.monotonic() < until:
            time.sleep(0.01)
        answer = manager.post("/auto-collection/pause", data={"reason": "Wrong prices"})
        answered = time.monotonic()
        for worker in workers:
            worker.join(20)

    assert answer.status_code == 303
    assert 20 <= len(watch.began) < MANY // 2
    assert max(watch.began) <= answered + 1
    counted = select(Message.status, Message.reason, func.count()).group_by(Message.status, Message.reason)
    counts = {(status, reason): count for status, reason, count in db.session.execute(counted)}
    assert counts == {("sent", ""): len(watch.began), ("cancelled", "paused"): MANY - len(watch.began)}
    assert watch.taken.total() == len(watch.taken) == len(watch.began)


def work(app: Flask, host: str) -> None:
    """Sends as a worker does: the real SDK, the clock running, until nothing is left."""
    sender, files, start = (
        SmsVonage(
            VonageAccount("app-1", PRIVATE_KEY, "+4599999999", f"http://{host}/none", plain_host=host), total=5.0
        ),
        Recorder(),
        time.monotonic(),
    )

    def clock() -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - start)

    with app.app_context():
        messages.send_due(NOW, senders={"sms": sender, "email": files, "file": files}, clock=clock)
        db.session.remove()


def book() -> None:
    """A thousand who can only be texted, each with a queued SMS."""
    issued, due = TODAY - timedelta(days=30), TODAY - timedelta(days=5)
    ids, base = range(1, MANY + 1), {"currency": "DKK", "amount": 10_000, "open": 10_000, "posted_at": NOW}
    with transaction():
        db.session.execute(
            insert(Account), [{"id": n, "number": f"K{n}", "name": f"Customer {n}", "created_at": NOW} for n in ids]
        )
        db.session.execute(
            insert(Contact),
            [{"account_id": n, "phone": f"+45{20000000 + n}", "default_sms": True} for n in ids],
        )
        db.session.execute(
            insert(Entry),
            [
                {"account_id": n, "kind": "invoice", "number": str(n), "issued_on": issued, "due_on": due} | base
                for n in ids
            ],
        )
        db.session.execute(update(Channel).values(per_second=1000))
        db.session.execute(update(Automation).values(mode="live"))
    running()
    automation.run(NOW)
    assert Counter(db.session.scalars(select(Message.status))) == {"queued": MANY}
