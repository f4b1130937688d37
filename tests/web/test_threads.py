"""SMS Activities: the conversation with each number, what is unread, and what waits for somebody."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import event, insert, select

from tests.events import sent
from tests.factories import NOW, a_contact, an_account
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Message, Reply
from wiseops.services import documents, files
from wiseops.services.transaction import transaction
from wiseops.web.clock import now

NUMBER, OTHER = "+4520123456", "+4520123457"


def a_reply(account_id: int | None, text: str, *, at: datetime = NOW, number: str = NUMBER, **more: object) -> int:
    """The id of a reply by SMS."""
    with transaction():
        row = Reply(account_id=account_id, channel="sms", provider="vonage", from_address=number, body=text)
        row.provider_id, row.received_at = f"{number} {at} {text[:20]}", at
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
    return row.id


def bubbles(html: str) -> list[str]:
    """What stands in each, with its side before it."""
    found = re.findall(r'data-side="(\w+)".*?</span>(.*?)</p>', html, re.S)
    return [f"{side}: {text}" for side, text in found]


def test_both_ways_stand_in_their_order_with_what_became_of_each(collector: Browser):
    account, hour = an_account(), timedelta(hours=1)
    a_contact(account, name="Mette", phone=NUMBER)
    sent(account, "1", NUMBER, body="When do you pay?", state="delivered", automated=True, step=2)
    a_reply(account, "On <b>Friday</b>", at=NOW + hour)
    sent(account, "2", NUMBER, body="Too late", state="undelivered", reason="1170: Absent", sending_at=NOW + 2 * hour)
    a_reply(account, "Wrong number", number=OTHER, at=NOW - hour)

    page = collector.get(f"/accounts/{account}/collections")
    other = collector.fragment(f"/accounts/{account}/sms?number=%2B4520123457")

    assert bubbles(page.text) == ["ours: When do you pay?", "theirs: On &lt;b&gt;Friday&lt;/b&gt;", "ours: Too late"]
    for words in ("Delivered", "Not delivered", "1170: Absent", "Step 2, by itself", "Mar 2, 2026"):
        assert words in page.text
    assert bubbles(other.text) == ["theirs: Wrong number"]


def test_what_nobody_has_seen_is_marked_everywhere_until_the_thread_was_open(collector: Browser):
    account = an_account(name="Nordlys")
    a_reply(account, "Hello")
    a_reply(account, "Anybody?", at=NOW + timedelta(minutes=5))
    badge = '<span class="sr-only">Unread replies: </span>2</'

    page = collector.get(f"/accounts/{account}/collections").text
    assert page.count(badge) == 1  # the tab; one number needs no tabs of its own
    assert badge in collector.get("/accounts").text
    assert badge in collector.get(f"/accounts/{account}/collections").text  # looking changed nothing
    later = a_reply(account, "Hello?", at=NOW + timedelta(minutes=9))
    typed = {"number": NUMBER, "up_to": later - 1}
    answer = collector.fragment(f"/accounts/{account}/sms/read", method="POST", data=typed)

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "replies-changed")
    assert "Unread replies: </span>1</" in collector.fragment(f"/accounts/{account}/sms/unread").text


def test_nothing_new_is_no_answer_and_news_tell_the_others(collector: Browser):
    account = an_account()
    message = sent(account, "1", NUMBER, body="Hello", state="sent")
    first = collector.fragment(f"/accounts/{account}/sms")
    poll = re.search(r'hx-get="([^"]*v=[^"]*)"', first.text)[1].replace("&amp;", "&")  # type: ignore[index]

    assert "HX-Trigger-After-Settle" not in first.headers
    assert collector.fragment(poll).status_code == 204
    with transaction():
        db.session.get_one(Message, message).status = "delivered"
    answer = collector.fragment(poll)
    assert (answer.status_code, "Delivered" in answer.text) == (200, True)
    assert "replies-changed" in answer.headers["HX-Trigger-After-Settle"]


def test_what_waits_is_marked_as_handled_and_by_whom(collector: Browser):
    account = an_account()
    typed = {"number": NUMBER, "up_to": a_reply(account, "Fine")}

    assert "1 reply waits for somebody" in collector.get(f"/accounts/{account}/collections").text
    answer = collector.fragment(f"/accounts/{account}/sms/handling", method="POST", data=typed)

    assert "waits for somebody" not in answer.text
    assert "dealt with by Kim Lund" in answer.text
    assert "Reply by SMS dealt with" in collector.get(f"/accounts/{account}/history").text


def test_a_document_in_a_message_is_shown_with_its_end_and_taken_back(collector: Browser):
    account = an_account()
    message = sent(account, "1", NUMBER, body="See the link")
    stored = files.store([b"x"], name="Invoice 1.pdf", content_type="application/pdf", now=NOW)
    documents.link(stored.id, account_id=account, message_id=message, now=now(), by_id=None)

    assert "Take back" in collector.get(f"/accounts/{account}/collections").text
    collector.post("/documents/1/revocation")

    text = collector.get(f"/accounts/{account}/collections").text
    assert ("Take back" in text, "opens no more" in text) == (False, True)


def test_a_long_thread_shows_its_end_and_more_on_demand_in_as_many_queries(collector: Browser):
    account = an_account()
    sent(account, "first", NUMBER, body="The first")
    start = {"channel": "sms", "provider": "vonage", "from_address": NUMBER, "account_id": account}
    rows = [
        {**start, "provider_id": str(number), "received_at": NOW + timedelta(hours=number), "body": f"No. {number}"}
        for number in range(1, 121)
    ]
    with transaction():
        db.session.execute(insert(Reply), rows)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    counts, address = [], f"/accounts/{account}/sms?number=%2B4520123456"
    while address:
        before = len(statements)
        text = collector.fragment(address).text
        counts.append((len(bubbles(text)), len(statements) - before))
        found = re.search(r'hx-get="([^"]*)" hx-target="#sms"[^>]*><svg[^>]*>(?=<use[^>]*arrow-up)', text)
        address = found[1].replace("&amp;", "&") if found else ""

    assert [shown for shown, _queries in counts] == [50, 100, 121]
    assert counts[-1][1] <= counts[0][1] + 1  # the documents of our own message
    assert "The first" in text
    assert db.session.scalars(select(Reply.read_at).where(Reply.read_at.is_not(None))).all() == []
