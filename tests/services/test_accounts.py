"""Opening, changing, blocking and holding accounts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, an_account
from wiseops.domain.accounts import Details
from wiseops.domain.contacts import Details as ContactDetails
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Account, Contact, Event, Task
from wiseops.queries import accounts as found
from wiseops.services import accounts, contacts, holds


def the(account_id: int) -> Account:
    return db.session.get_one(Account, account_id, populate_existing=True)


def kinds_of_events() -> list[str]:
    return list(db.session.scalars(select(Event.kind).order_by(Event.id)))


def test_a_new_account_is_found_by_number_and_name(app: Flask):
    account = the(an_account(number="10", name="Ærø Færge", tags=frozenset({"vip"})))

    assert account.search == "10 ærø færge"
    assert found.tags(account.id) == {"vip"}
    assert kinds_of_events() == ["account_created"]


def test_a_number_is_taken_once(app: Flask):
    an_account(number="10")
    other = an_account(number="11")

    with pytest.raises(Refused) as refused:
        an_account(number="10")
    assert refused.value.field == "number"
    with pytest.raises(Refused):
        accounts.update(other, Details("10", "B"), owner_id=None, now=NOW, by_id=None)


def test_a_change_says_which_fields_and_wakes_the_account(app: Flask):
    account = an_account(number="10", name="A")
    rev = the(account).rev

    accounts.update(account, Details("10", "B", tags=frozenset({"x"})), owner_id=None, now=NOW, by_id=None)

    assert (the(account).name, the(account).search, the(account).rev) == ("B", "10 b", rev + 1)
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.kind, last.facts) == ("account_changed", {"fields": ["name", "tags"]})


def test_the_same_details_again_change_nothing(app: Flask):
    account = an_account()
    rev = the(account).rev

    assert not accounts.change(account, found.details(the(account)), owner_id=None, now=NOW)
    assert the(account).rev == rev


def test_a_phone_number_is_read_again_when_the_account_moves(app: Flask):
    account = an_account(country="DK")
    contacts.create(account, ContactDetails(phone="415 555 2671"), now=NOW)

    moved = replace(found.details(the(account)), country="US")
    accounts.update(account, moved, owner_id=None, now=NOW, by_id=None)

    contact = db.session.scalars(select(Contact)).one()
    assert (contact.phone, contact.default_sms) == ("+14155552671", True)


def test_a_block_keeps_who_when_why_and_its_review_makes_a_task(app: Flask):
    account = an_account()

    accounts.block(account, reason="Bankrupt", review_on=TODAY + timedelta(days=9), now=NOW, by_id=None)

    assert (the(account).blocked_at, the(account).block_reason) == (NOW, "Bankrupt")
    task = db.session.scalars(select(Task)).one()
    assert (task.kind, task.due_on, task.status) == ("block_review", TODAY + timedelta(days=9), "open")

    accounts.unblock(account, now=NOW, by_id=None)

    assert (the(account).blocked_at, the(account).block_review_on) == (None, None)
    assert db.session.scalars(select(Task.status)).one() == "cancelled"
    assert kinds_of_events() == [
        "account_created", "account_blocked", "stage_changed", "account_unblocked", "stage_changed",
    ]  # fmt: skip


def test_a_block_needs_a_reason_and_a_later_review(app: Flask):
    account = an_account()

    with pytest.raises(Refused):
        accounts.block(account, reason=" ", review_on=None, now=NOW, by_id=None)
    with pytest.raises(Refused):
        accounts.block(account, reason="Bankrupt", review_on=TODAY, now=NOW, by_id=None)
    with pytest.raises(Refused):
        accounts.unblock(account, now=NOW, by_id=None)


def test_a_hold_is_until_a_later_day_and_may_be_released(app: Flask):
    account = an_account()
    with pytest.raises(Refused):
        holds.hold(account, until=TODAY, reason="", now=NOW, by_id=None)

    holds.hold(account, until=TODAY + timedelta(days=1), reason="Asked for time", now=NOW, by_id=None)
    assert the(account).hold_until == TODAY + timedelta(days=1)

    holds.release(account, now=NOW, by_id=None)
    assert the(account).hold_until is None
    with pytest.raises(Refused):
        holds.release(account, now=NOW, by_id=None)


def test_accounts_are_assigned_together_and_only_to_somebody(app: Flask):
    one, two = an_account(), an_account()

    with pytest.raises(Refused):
        accounts.assign([one, two], owner_id=99, now=NOW, by_id=None)
    accounts.assign([one, two], owner_id=None, now=NOW, by_id=None)

    assert kinds_of_events()[2:] == ["account_assigned", "account_assigned"]


def test_an_unknown_account_is_not_found(app: Flask):
    with pytest.raises(NotFound):
        holds.hold(9, until=TODAY + timedelta(days=1), reason="", now=NOW, by_id=None)
