"""The inbox: what nobody has dealt with, and whose it is."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.events import sent, sms
from tests.factories import NOW, a_contact, a_user, an_account
from tests.web.conftest import Browser
from tests.web.test_threads import NUMBER, OTHER, a_reply
from wiseops.extensions import db
from wiseops.models import Contact, Message, Reply
from wiseops.queries import inbox
from wiseops.services import accounts, placements, replies, webhooks


def replies_now() -> list[Reply]:
    return list(db.session.scalars(select(Reply).order_by(Reply.id).execution_options(populate_existing=True)))


def test_strangers_come_first_then_who_waits_longest_each_sender_once(collector: Browser):
    late, early = an_account(name="Late"), an_account(name="Early")
    a_reply(late, "Late one", at=NOW)
    a_reply(early, "First", at=NOW - timedelta(days=2))
    a_reply(early, "Second")
    a_reply(None, "Stranger", number=OTHER, at=NOW + timedelta(days=1))
    a_reply(late, "Out of office", number="x@example.com", automatic=True)
    a_reply(late, "Done", number=OTHER, handled_at=NOW)
    me = db.session.scalar(select(Reply.id).where(Reply.body == "Second"))
    accounts.assign([early], owner_id=collector_id(collector), now=NOW, by_id=None)

    page = collector.get("/inbox").text

    assert [row.reply.body for row in inbox.rows("all", user_id=0)] == ["Stranger", "Second", "Late one"]
    assert [row.reply.id for row in inbox.rows("mine", user_id=collector_id(collector))] == [me]
    assert inbox.counts(user_id=collector_id(collector)) == {"all": 3, "mine": 1, "unassigned": 1}
    assert "2 in all" in page
    assert "Second" not in collector.fragment("/inbox?view=unassigned").text
    assert '<span class="count">3</span>' in collector.fragment("/inbox/count").text


def collector_id(browser: Browser) -> int:
    with browser.session_transaction() as session:
        return int(str(session["_user_id"]).split(".")[0].split(":")[0])


def test_an_empty_inbox_says_so(collector: Browser):
    assert "Nobody waits for an answer" in collector.get("/inbox").text


def test_what_a_stranger_wrote_is_given_to_an_account_and_so_is_what_comes_after(collector: Browser):
    account = an_account(name="Sannes Salon")
    a_reply(None, "I paid on Monday")
    a_reply(None, "Really", at=NOW + timedelta(hours=1))

    assert "Sannes Salon" in collector.fragment("/inbox/2?q=sann").text
    assert "Choose an account." in collector.post("/inbox/2/assignment", data={"q": "sann"}).text
    typed = {"account_id": account, "adds_contact": "y", "name": "Sanne"}
    answer = collector.post("/inbox/2/assignment", data=typed)
    again = collector.post("/inbox/2/assignment", data=typed)

    assert answer.location.endswith(f"/accounts/{account}/collections?number=%2B4520123456")
    assert (again.status_code, "assigned it already" in again.text) == (422, True)
    (contact,) = db.session.scalars(select(Contact))
    assert (contact.phone, contact.name, contact.roles) == (NUMBER, "Sanne", [])
    assert [(row.account_id, row.contact_id) for row in replies_now()] == [(account, contact.id)] * 2
    history = collector.get(f"/accounts/{account}/history").text
    assert "Really" in history
    assert "was given to this account" in history
    assert collector.post("/inbox/99/assignment", data=typed).status_code == 404


def test_without_a_contact_later_replies_follow_the_first(app: Flask):
    account = an_account()
    placements.assign(a_reply(None, "Hello"), account, now=NOW, by_id=None)

    webhooks.store([sms("Are you there?"), sms("Me too", number="4529999999", uuid="in-2")], now=NOW)
    webhooks.work(NOW)

    assert [row.account_id for row in replies_now()] == [account, account, None]
    assert db.session.scalars(select(Contact.id)).all() == []


def test_accounts_that_share_a_number_are_offered(collector: Browser):
    for name in ("One", "Two", "Three"):
        a_contact(an_account(name=name), phone=NUMBER if name != "Three" else OTHER)

    page = collector.get(f"/inbox/{a_reply(None, 'Hello')}").text

    assert ["They have this number" in page, ">One<" in page, ">Two<" in page, ">Three<" in page] == [True] * 3 + [
        False
    ]


def test_handled_says_why_and_a_later_reply_waits_anew(collector: Browser):
    account = an_account()
    first = a_reply(account, "Thanks")
    later = a_reply(account, "One more thing", at=NOW + timedelta(hours=1))

    collector.post(f"/inbox/{first}/handling", data={"note": "Only thanks", "seen_at": account})
    long = collector.post(f"/inbox/{later}/handling", data={"note": "x" * 501})

    assert long.status_code == 422
    rows = replies_now()
    assert [(row.handled_note, row.handled_at is None) for row in rows] == [("Only thanks", False), ("", True)]
    assert rows[0].handled_by_id == collector_id(collector)
    assert "Only thanks" in collector.get(f"/accounts/{account}/history").text


def test_what_grew_while_it_was_on_screen_is_read_before_it_is_handled(collector: Browser):
    webhooks.store([sms("a" * 153, at="2026-03-02T08:00:00Z")], now=NOW)
    webhooks.work(NOW)
    (reply,) = replies_now()
    page = collector.get(f"/inbox/{reply.id}").text
    webhooks.store([sms("And then", uuid="in-2", at="2026-03-02T08:00:01Z")], now=NOW)
    webhooks.work(NOW)

    assert 'name="length" value="153"' in page
    again = collector.post(f"/inbox/{reply.id}/handling", data={"length": "153"})
    assert (again.status_code, "And then" in again.text, inbox.count()) == (422, True, 1)
    collector.post(f"/inbox/{reply.id}/handling", data={"length": "161"})
    assert inbox.count() == 0


def test_an_answer_by_a_person_and_stop_need_nobody(app: Flask):
    account, ida = an_account(), a_user()
    a_contact(account, phone=NUMBER)
    webhooks.store([sms("STOP"), sms("Why?", uuid="in-2")], now=NOW)
    webhooks.work(NOW)
    assert [row.reply.body for row in inbox.rows("all", user_id=0)] == ["Why?"]

    message = db.session.get_one(Message, sent(account, "a", NUMBER))
    replies.answered(message, now=NOW, by_id=ida.id)

    assert inbox.count() == 0


def test_what_stands_with_the_wrong_account_is_moved(collector: Browser):
    wrong, right = an_account(name="Wrong"), an_account(name="Right")
    reply = a_reply(wrong, "I paid")
    page = collector.get(f"/inbox/{reply}?q=right").text
    assert "Move to another account" in page
    assert "moving it to another account" in collector.get(f"/accounts/{wrong}/collections/r{reply}").text
    typed = {"account_id": right, "away_from": wrong}

    answer = collector.post(f"/inbox/{reply}/assignment", data=typed)
    again = collector.post(f"/inbox/{reply}/assignment", data=typed)

    assert answer.location.endswith(f"/accounts/{right}/collections?number=%2B4520123456")
    assert (again.status_code, "Somebody has moved it already" in again.text) == (422, True)
    assert "was moved to Right" in collector.get(f"/accounts/{wrong}/history").text
    assert "was moved here from Wrong" in collector.get(f"/accounts/{right}/history").text
