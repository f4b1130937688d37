"""A reply that stands with the wrong account goes to another, with what came after it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_contact, a_debtor, running
from tests.web.test_threads import NUMBER, a_reply
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Event, Reply
from wiseops.services import automation, placements, replies


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
