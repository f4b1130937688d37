"""What people see of messages, and what they may say about them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories import NOW, a_debtor, running
from tests.outboxes import Recorder, failing, senders, statuses, the_message
from tests.web.conftest import Browser
from wiseops.domain.messages import Failure
from wiseops.services import automation, channels, messages, pauses


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


def send(answer=lambda _outbound: None, **more) -> None:
    messages.send_due(NOW, senders=senders(Recorder(answer=answer)), **more)


def test_the_list_shows_what_left_to_whom_and_what_it_demanded(collector: Browser):
    a_debtor("1250.50 DKK", name="Nordlys ApS", number="10417")
    send()

    page = collector.get("/messages").text

    assert "Nordlys ApS" in page
    assert "1,250.50" in page
    assert "Step 1" in page


def test_a_message_opens_as_it_was_sent(collector: Browser):
    account = a_debtor("1250.50 DKK", number="10417")
    send()
    message = the_message(account)

    page = collector.get(f"/messages/{message.id}").text

    assert "10417" in page
    assert "mette@example.com" in page
    assert message.sha256 in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("view=sent", True),
        ("view=failed", False),
        ("channel=email", True),
        ("channel=sms", False),
        ("by=automation", True),
        ("by=people", False),
        ("q=nordlys", True),
        ("q=sydlys", False),
        ("first=2026-03-02&last=2026-03-02", True),
        ("first=2026-03-03", False),
        ("last=2026-03-01", False),
        ("first=nonsense&account=nonsense", True),
    ],
)
def test_the_list_is_narrowed(collector: Browser, filters: str, found: bool):
    a_debtor(name="Nordlys ApS")
    send()

    page = collector.fragment(f"/messages?{filters}").text

    assert ("/messages/1" in page) is found
    assert "<html" not in page


def test_a_cancelled_one_says_why(collector: Browser):
    a_debtor()
    pauses.begin(reason="Stop", now=NOW)

    assert "Automation was paused" in collector.get("/messages?view=cancelled").text


def test_an_account_lists_its_own_with_a_link_to_each(collector: Browser):
    account = a_debtor()
    send()

    assert f"/messages/{the_message(account).id}" in collector.get(f"/accounts/{account}/messages").text
    assert "Step 1: E-mail to" in collector.get(f"/accounts/{account}/collections").text


def test_unclear_ones_are_settled_together_after_their_number_and_sum_were_shown(collector: Browser):
    first, second = a_debtor("100.00 DKK", phone="+4520123456"), a_debtor("50.00 DKK", phone="+4520123457")
    send(failing(Failure.UNKNOWN), is_over=iter([False, True]).__next__)
    send(failing(Failure.UNKNOWN))
    ids = [the_message(account).id for account in (first, second)]
    chosen = "&".join(f"message={key}" for key in ids)

    shown = collector.get(f"/messages/settlement?{chosen}").text
    assert "Settle 2 unclear messages" in shown
    assert "150.00" in shown

    answer = collector.post("/messages/settlement", data={"message": ids, "outcome": "not_sent", "note": "Asked them"})

    assert answer.status_code == 303
    assert [statuses(account)[0] for account in (first, second)] == [("email", "failed")] * 2


def test_settling_without_saying_how_one_knows_is_refused(collector: Browser):
    account = a_debtor()
    send(failing(Failure.UNKNOWN))

    answer = collector.post(
        "/messages/settlement", data={"message": the_message(account).id, "outcome": "sent", "note": " "}
    )

    assert (answer.status_code, the_message(account).status) == (422, "unknown")
    assert "Say how you know." in answer.text


def test_a_stopped_channel_is_started_again_by_a_manager_only(app: Flask, collector: Browser):
    a_debtor()
    send(failing(Failure.CHANNEL, "Payment required."))

    page = collector.get("/messages").text
    assert "Payment required." in page
    assert "Start again" not in page
    assert collector.post("/messages/channels/email/start").status_code == 403


def test_a_manager_starts_a_stopped_channel(manager: Browser):
    account = a_debtor()
    send(failing(Failure.CHANNEL, "Payment required."))

    assert "Start again" in manager.get("/messages").text
    assert manager.post("/messages/channels/email/start").status_code == 303

    automation.run(NOW + timedelta(minutes=1))
    send()
    assert the_message(account).status == "sent"


def test_a_manager_wakes_a_channel_that_rests(manager: Browser):
    channels.doubt("email", timed_out=True, is_first=True, now=datetime.now(UTC))

    assert "E-mail rests until" in manager.get("/messages").text
    manager.post("/messages/channels/email/start")
    assert "rests until" not in manager.get("/messages").text


def test_the_list_exports_without_formulas(collector: Browser):
    a_debtor(name="=cmd()", number="10417")
    send()

    text = collector.get("/messages/export.csv", buffered=True).text

    assert "'=cmd()" in text
    assert ",100.00,DKK" in text
