"""A reply that stands with the wrong account goes to another, with what came after it."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_contact, a_debtor, running
from tests.threads import together
from tests.web.test_threads import NUMBER, a_reply
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.formats.vonage import Inbound
from wiseops.models import Account, Event, Reply
from wiseops.services import automation, placements, replies
from wiseops.services.transaction import transaction


def held(account_id: int) -> str | None:
    return db.session.get_one(Account, account_id, populate_existing=True).held


def test_a_reply_moves_with_what_came_after_it_and_both_accounts_are_decided(app: Flask):
    running()
    wrong, right = a_debtor(), a_debtor()
    contact = a_contact(right, phone=NUMBER)
    first, moved, later = (a_reply(wrong, text, at=NOW + timedelta(hours=n)) for n, text in enumerate(("a", "b", "c")))
    db.session.get_one(Reply, first).handled_at = NOW
    db.session.commit()
    automation.decide([wrong, right], NOW)

    placements.move(moved, right, away_from=wrong, now=NOW, by_id=None)

    rows = db.session.scalars(select(Reply).order_by(Reply.id).execution_options(populate_existing=True)).all()
    assert [(row.account_id, row.contact_id) for row in rows] == [(wrong, None), (right, contact), (right, contact)]
    assert (held(wrong), held(right)) == (None, "reply")
    told = db.session.execute(select(Event.account_id, Event.kind).where(Event.kind.in_(["reply_moved", "reply_came"])))
    assert {tuple(row) for row in told} == {(wrong, "reply_moved"), (right, "reply_came")}
    for account, words in ((right, "already"), (wrong, "with this account already")):
        with pytest.raises(Refused, match=words):
            placements.move(later, account, away_from=wrong, now=NOW, by_id=None)


def test_what_was_moved_meanwhile_is_not_marked_as_handled_elsewhere(app: Flask):
    wrong, right = a_debtor(), a_debtor()
    moved = a_reply(wrong, "a")
    placements.move(moved, right, away_from=wrong, now=NOW, by_id=None)

    with pytest.raises(Refused, match="moved"):
        replies.handle(moved, seen_at=wrong, now=NOW, by_id=None)
    assert db.session.scalars(select(Reply.handled_at)).one() is None
    replies.handle(moved, seen_at=right, now=NOW, by_id=None)

    assert db.session.scalars(select(Reply.handled_at)).one() == NOW


def test_two_who_place_one_stray_at_once_do_so_once_and_the_second_is_told(app: Flask):
    stray, places = a_reply(None, "a"), [a_debtor(), a_debtor()]

    def assign(account_id: int) -> str:
        try:
            placements.assign(stray, account_id, now=NOW, by_id=None)
        except Refused as refused:
            return refused.message
        return ""

    answers = together(app, [partial(assign, account) for account in places])

    assert sorted(answers) == ["", "Somebody has assigned it already."]
    told = select(Event.account_id).where(Event.kind == "reply_assigned")
    place = places[answers.index("")]
    assert (db.session.scalars(select(Reply.account_id)).one(), db.session.scalars(told).all()) == (place, [place])


def test_what_comes_while_what_its_sender_wrote_is_moved_goes_where_that_went(app: Flask):
    wrong, right = a_debtor(), a_debtor()
    first, under_way = a_reply(wrong, "a"), threading.Event()

    def move() -> None:
        with transaction():
            placements.move(first, right, away_from=wrong, now=NOW, by_id=None)
            under_way.set()
            time.sleep(0.15)

    def receive() -> None:
        under_way.wait(10)
        replies.receive(Inbound("b", "sms", NUMBER, "", "b", None), now=NOW)

    together(app, [move, receive])

    assert db.session.scalars(select(Reply.account_id)).all() == [right, right]
