"""What follows from an outcome."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, senders, the_message
from wiseops.domain.automation.decide import decide
from wiseops.domain.messages import Status
from wiseops.queries import automation as queries
from wiseops.queries import snapshots
from wiseops.services import decisions, messages, outcomes
from wiseops.services.outcomes import Outcome


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(hours=10, minutes=1)], ids=["sent", "cancelled"])
def test_a_pass_that_read_before_the_message_changed_stores_nothing(app: Flask, at: datetime):
    running()
    account = a_debtor()
    rules = queries.rules()
    (before,) = snapshots.load([account], rules)

    messages.send_due(at, senders=senders(Recorder()))

    assert decisions.store([(before, decide(before, rules, at))], rules, at).accounts == 0


def test_a_message_that_moved_on_is_left_alone(app: Flask):
    running()
    account = a_debtor()
    messages.send_due(NOW, senders=senders(Recorder()))
    message = the_message(account)

    stored = outcomes.store({message.id: Outcome(Status.QUEUED, NOW)}, [account], now=NOW)

    assert (stored, the_message(account).status) == ({}, "sent")
