"""What people see of messages, and what they may say about them."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.events import sent
from tests.factories import NOW, a_debtor, an_account, running
from tests.outboxes import Recorder, failing, senders, statuses, the_message
from tests.web.conftest import Browser
from wiseops.domain.messages import Failure
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.services import automation, channels, messages, pauses
from wiseops.web import unclear as web


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
        ("first=2026-03-02T23:58&last=2026-03-02T00:01", True),
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


def unclear(account: int, ref: str, **more: object) -> int:
    return sent(
        account,
        ref,
        "+4520123456",
        state="unknown",
        **({"reason": "No clear answer (503).", "backend": "vonage"} | more),
    )


def status_of(message_id: int) -> str:
    return db.session.get_one(Message, message_id, populate_existing=True).status


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("reason=cut_off", {"cut"}),
        ("backend=smtp", {"mail"}),
        ("first=2026-03-02T10:30", {"later", "mail"}),
        ("first=2026-03-02T10:30&last=2026-03-02T10:30", {"later", "mail"}),
        ("last=2026-03-02T10:29", {"cut"}),
        ("first=2026-03-02&last=2026-03-02", {"cut", "later", "mail"}),
        ("first=0001-01-01T00:00&last=9999-12-31&q=&by=people", {"cut", "later", "mail"}),
    ],
)
def test_what_an_incident_left_is_found_by_reason_backend_and_minutes(
    collector: Browser, filters: str, found: set[str]
):
    account, half_past = an_account(), datetime(2026, 3, 2, 9, 30, 59, tzinfo=UTC)
    ids = {
        "cut": unclear(account, "r1", reason="cut_off", sending_at=half_past - timedelta(minutes=1)),
        "later": unclear(account, "r2", sending_at=half_past),
        "mail": unclear(account, "r3", sending_at=half_past, channel="email", backend="smtp"),
    }

    page = collector.get(f"/messages?view=unknown&{filters}").text

    assert {name for name, key in ids.items() if f'value="{key}"' in page} == found
    assert "The worker was cut off while it sent (1)" in page


def test_all_that_match_are_settled_as_they_were_shown_and_twice_does_no_harm(manager: Browser):
    account = an_account()
    first, clear, third = (unclear(account, ref) for ref in ("r1", "r2", "r3"))
    other = unclear(account, "r4", reason="cut_off")
    filters = urlencode({"view": "unknown", "reason": "No clear answer (503).", "all": "1"})

    shown = manager.get(f"/messages/settlement?{filters}").text
    (ids,) = re.findall(r'name="message" value="([\d,]+)"', shown)
    assert "Settle 3 unclear messages" in shown
    messages.settle([clear], was_sent=True, note="They called", now=NOW, by_id=None)
    later = unclear(account, "r5")
    told = [settle(manager, ids, "not_sent"), settle(manager, ids, "sent")]

    assert "2 messages are clear now. 1 was clear already and stays so." in told[0]
    assert "0 messages are clear now. 3 were clear already and stay so." in told[1]
    assert [status_of(key) for key in (first, clear, third)] == ["failed", "sent", "failed"]
    assert {status_of(key) for key in (other, later)} == {"unknown"}


def settle(browser: Browser, ids: str, outcome: str, **more: object) -> str:
    """The page that it ends on."""
    data = {"message": ids, "outcome": outcome, "note": "Not in the log", **more}
    answer = browser.post("/messages/settlement", data=data)
    return browser.get(answer.location).text if answer.location else answer.text


def test_what_does_not_fit_into_a_request_goes_with_the_next(manager: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "PIECE", 1)
    monkeypatch.setattr(web, "SECONDS", 0.0)
    account = an_account()
    first, second = unclear(account, "r1"), unclear(account, "r2")

    page = settle(manager, f"{first},{second}", "not_sent")
    assert "1 of 2 messages" in page
    assert ("Continue" in page, "noscript" in page) == (True, False), "a busy server strands nobody"
    (rest,) = re.findall(r'name="message" value="([\d,]+)"', page)

    assert "2 messages are clear now." in settle(manager, rest, "not_sent", done=1, left=0)
    assert (status_of(first), status_of(second)) == ("failed", "failed")


def test_all_that_match_are_for_managers(collector: Browser):
    unclear(an_account(), "r1")
    unclear(an_account(name="Sydlys"), "r2")

    assert "Settle all" not in collector.get("/messages?view=unknown").text
    assert collector.get("/messages/settlement?view=unknown&all=1").status_code == 403


def test_more_than_a_page_holds_are_settled_by_managers(collector: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "PAGE", 1)
    account = an_account()
    ids = [unclear(account, ref) for ref in ("r1", "r2")]
    typed = {"message": ",".join(map(str, ids)), "outcome": "not_sent", "note": "Not in the log"}

    assert collector.post("/messages/settlement", data=typed).status_code == 403
    assert [status_of(key) for key in ids] == ["unknown", "unknown"]
    assert collector.post("/messages/settlement", data=typed | {"message": ids[0]}).status_code == 303


def test_the_filters_are_there_again_when_what_they_found_is_settled(manager: Browser):
    unclear(an_account(), "r1")
    shown = manager.get("/messages/settlement?view=unknown&first=2026-03-02&all=1").text
    (action,) = re.findall(r'method="post" action="([^"]*settlement[^"]*)"', shown)
    action, typed = html.unescape(action), {"message": "1", "outcome": "sent"}

    refused = manager.post(action, data=typed)
    settled = manager.post(action, data=typed | {"note": "In the log"})

    assert (refused.status_code, f'action="{html.escape(action)}"' in refused.text) == (422, True)
    assert settled.location == "/messages?view=unknown&first=2026-03-02"


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
