"""Reviews of accounts in Follow-Up: restart, other plan, leave, resume for newer items."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, a_message, a_plan, an_account, an_entry, running
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Anchor, ClosedStep, Engagement, Task
from wiseops.queries.verification import verify
from wiseops.services import contacts, interventions, reviews

DUE = TODAY - timedelta(days=4)
LATER = NOW + timedelta(days=7)


@pytest.fixture
def invoice(app: Flask) -> int:
    """An invoice, reminded once, then moved to Follow-Up by a person."""
    running()
    account = an_account()
    contacts.put_default(account, email="kunde@example.com", phone="", now=NOW)
    invoice = an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    a_message(account, invoice)
    interventions.take_over(account, now=NOW, by_id=None)
    return invoice


@pytest.fixture
def account(invoice: int) -> int:
    return db.session.scalars(select(Account.id)).one()


def row(account_id: int) -> Account:
    return db.session.get_one(Account, account_id, populate_existing=True)


def newest() -> Engagement:
    query = select(Engagement).order_by(Engagement.id.desc()).limit(1)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def test_restarted_at_a_step_it_goes_on_from_there_over_the_same_items(account: int, invoice: int):
    reviews.restart(account, 3, now=LATER, by_id=None)

    assert (row(account).stage, row(account).step) == ("scheduled", 3)
    assert db.session.scalars(select(Anchor.entry_id).where(Anchor.engagement_id == newest().id)).all() == [invoice]
    closed = db.session.execute(select(ClosedStep.step, ClosedStep.how).order_by(ClosedStep.step)).all()
    assert [tuple(each) for each in closed] == [(1, "skipped"), (2, "skipped")]
    assert db.session.scalars(select(Engagement.end_reason).order_by(Engagement.id)).all() == ["restarted", None]
    assert verify(LATER).differences == 0


def test_a_plan_restarts_only_at_a_step_it_has(account: int):
    with pytest.raises(Refused, match="no step 9"):
        reviews.restart(account, 9, now=LATER, by_id=None)


def test_another_plan_takes_over_from_its_first_step(account: int):
    plan = a_plan("VIP", tags=frozenset({"vip"}))
    reviews.change_plan(account, plan, now=LATER, by_id=None)
    assert (newest().plan_id, row(account).stage, row(account).step) == (plan, "scheduled", 1)


def test_left_until_a_day_it_stays_and_a_task_asks_again(account: int):
    until = TODAY + timedelta(days=20)
    for _ in range(2):
        reviews.leave(account, until=until, note="Their bank is slow", now=NOW, by_id=None)
    assert (row(account).stage, row(account).hold_until) == ("follow_up", until)
    assert [(t.kind, t.due_on) for t in db.session.scalars(select(Task))] == [("review", until)]


def test_a_day_that_is_over_leaves_nothing(account: int):
    with pytest.raises(Refused, match="after today"):
        reviews.leave(account, until=TODAY, now=NOW, by_id=None)
    assert db.session.scalars(select(Task)).all() == []


def test_resumed_for_newer_items_the_old_ones_start_nothing(account: int, invoice: int):
    reviews.resume_for_newer(account, now=NOW, by_id=None)
    assert (row(account).stage, row(account).reasons) == ("outstanding", [{"code": "stopped"}])

    newer = an_entry(account, "30.00 DKK", on=DUE, due_on=DUE)

    assert row(account).stage == "scheduled"
    assert db.session.scalars(select(Anchor.entry_id).where(Anchor.engagement_id == newest().id)).all() == [newer]


def test_what_was_stopped_can_be_engaged_again_by_hand(account: int, invoice: int):
    reviews.resume_for_newer(account, now=NOW, by_id=None)
    interventions.engage(account, 1, now=LATER, by_id=None)
    assert row(account).send_at is not None
    assert db.session.scalars(select(Anchor.entry_id).where(Anchor.engagement_id == newest().id)).all() == [invoice]


def test_only_follow_up_is_reviewed(app: Flask):
    running()
    account = an_account()
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    for review in (
        lambda: reviews.restart(account, 1, now=NOW, by_id=None),
        lambda: reviews.change_plan(account, 1, now=NOW, by_id=None),
        lambda: reviews.leave(account, until=TODAY + timedelta(days=3), now=NOW, by_id=None),
        lambda: reviews.resume_for_newer(account, now=NOW, by_id=None),
    ):
        with pytest.raises(Refused, match="Follow-Up"):
            review()


def test_a_small_balance_is_not_restarted(app: Flask):
    running()
    account = an_account()
    an_entry(account, "4.00 DKK", on=DUE, due_on=DUE)
    assert row(account).stage == "follow_up"
    with pytest.raises(Refused, match="smallest amount"):
        reviews.restart(account, 1, now=NOW, by_id=None)
