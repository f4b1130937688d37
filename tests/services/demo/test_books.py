"""The demo book, small."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.oracles import figures
from wiseops.adapters.outbox_files import OutboxFiles
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Activity, Contact, Entry, Message, Reply, User
from wiseops.queries import automation as queries
from wiseops.queries import verification
from wiseops.services.demo import books

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
SHARES = {"DK": 14, "NO": 6, "US": 4}


@pytest.fixture
def book(app: Flask) -> None:
    files = app.extensions["senders"]["file"]
    assert isinstance(files, OutboxFiles)
    senders = {"sms": files, "email": files, "file": files}
    books.make(NOW, senders=senders, progress=lambda line: None, shares=SHARES)


def count(what: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count(what)).where(*where)) or 0


def test_the_book_is_alive_and_true_and_made_once(app: Flask, book: None):
    assert count(Account.id) == 24
    assert {"clear", "outstanding", "scheduled", "engaged", "follow_up", "blocked"} >= set(queries.stages())
    assert {"outstanding", "engaged", "blocked"} <= set(queries.stages())
    assert count(Message.id, Message.status == "sent", Message.backend == "file") > 20
    assert count(Message.id, Message.status.not_in(("sent", "cancelled"))) == 0
    assert db.session.scalar(select(func.max(Message.sent_at))) <= NOW
    assert set(db.session.scalars(select(Entry.kind))) >= {"invoice", "payment", "credit_note"}
    assert count(User.id) == 6
    assert count(Activity.id, Activity.kind == "call") > 1
    assert count(Reply.id, Reply.account_id.is_(None)) == 2
    assert not queries.switch().paused
    assert queries.switch().mode == "trial"
    assert verification.verify(NOW).differences == 0
    _addresses_are_invented_and_valid()
    figures.check(NOW.date() - timedelta(days=ago) for ago in (0, 30, 60))
    with pytest.raises(Refused, match="already"):
        books.make(NOW, senders={}, progress=lambda line: None)


def _addresses_are_invented_and_valid() -> None:
    emails = [email for email in db.session.scalars(select(Contact.email)) if email]
    phones = [phone for phone in db.session.scalars(select(Contact.phone_given)) if phone]

    assert all(email.endswith("example.com") for email in emails)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)
