"""Engage now, skip a step, move to Follow-Up, unblock: when each is done, and when it is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, TODAY, a_message, a_payment, a_plan, an_account, an_entry, running
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Anchor, ClosedStep, Engagement, Event, Message, Task
from wiseops.queries.verification import verify
from wiseops.services import accounts, automation, contacts, holds, interventions

DUE = TODAY - timedelta(days=4)


@pytest.fixture
def account(app: Flask) -> int:
    running()
    account = an_account()
    contacts.put_default(account, email="kunde@example.com", phone="", now=NOW)
    return account


def stage(account_id: int) -> str:
    return db.session.get_one(Account, account_id, populate_existing=True).stage


def open_engagement(account_id: int) -> Engagement:
    query = select(Engagement).where(Engagement.account_id == account_id, Engagement.ended_at.is_(None))
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def events(account_id: int) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.account_id == account_id).order_by(Event.id)))


def test_engage_now_starts_a_plan_that_does_not_match(account: int):
    vip = a_plan("VIP", tags=frozenset({"vip"}))
    fresh = a_plan("Fresh", tags=frozenset({"none has it"}))
    holds.hold(account, until=TODAY + timedelta(days=1), reason="", now=NOW, by_id=None)
    invoice = an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)

    interventions.engage(account, vip, now=NOW, by_id=None)

    engagement = open_engagement(account)
    assert (engagement.plan_id, engagement.started_at, stage(account)) == (vip, None, "scheduled")
    assert db.session.scalars(select(Anchor.entry_id).where(Anchor.engagement_id == engagement.id)).all() == [invoice]
    assert "engaged_by_hand" in events(account)
    interventions.engage(account, fresh, now=NOW, by_id=None)
    assert open_engagement(account).plan_id == fresh
    assert verify(NOW).differences == 0


def test_engaged_now_still_keeps_the_gap(account: int):
    plan = a_plan("VIP", tags=frozenset({"vip"}))
    first = an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    a_message(account, first)
    a_payment(account, "100.00 DKK", on=TODAY)
    an_entry(account, "50.00 DKK", on=DUE, due_on=DUE)
    interventions.engage(account, plan, now=NOW, by_id=None)

    row = db.session.get_one(Account, account, populate_existing=True)
    assert row.send_at == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("due_on", [TODAY, TODAY + timedelta(days=10)])
def test_engage_now_needs_something_overdue(account: int, due_on: date):
    an_entry(account, "100.00 DKK", due_on=due_on)
    with pytest.raises(Refused, match="Nothing is overdue"):
        interventions.engage(account, 1, now=NOW, by_id=None)


def test_fees_alone_start_nothing(account: int):
    an_entry(account, "10.00 DKK", kind="fee", on=DUE, due_on=DUE)
    with pytest.raises(Refused, match="could start with"):
        interventions.engage(account, 1, now=NOW, by_id=None)


def test_engage_now_respects_a_block(account: int):
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    accounts.block(account, reason="Asked", review_on=None, now=NOW, by_id=None)
    with pytest.raises(Refused, match="blocked"):
        interventions.engage(account, 1, now=NOW, by_id=None)


def test_engage_now_leaves_a_plan_at_work_alone(account: int):
    a_message(account, an_entry(account, "100.00 DKK", on=DUE, due_on=DUE))
    with pytest.raises(Refused, match="at work"):
        interventions.engage(account, 1, now=NOW, by_id=None)


def test_engage_now_takes_only_plans_in_use(account: int):
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    with pytest.raises(Refused, match="in use"):
        interventions.engage(account, a_plan("Old", active=False), now=NOW, by_id=None)


def test_a_skipped_step_counts_as_done_and_its_message_stays_here(account: int):
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    automation.run(NOW)
    assert db.session.scalar(select(func.count()).select_from(Message).where(Message.status == "queued")) == 1

    interventions.skip(account, 1, now=NOW, by_id=None)

    assert db.session.scalars(select(Message.status)).all() == ["cancelled"]
    assert db.session.scalars(select(ClosedStep.how)).all() == ["skipped"]
    row = db.session.get_one(Account, account, populate_existing=True)
    assert (row.stage, row.step) == ("scheduled", 2)
    assert verify(NOW).differences == 0


def test_only_the_next_step_can_be_skipped(account: int):
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    with pytest.raises(Refused, match="not the next step"):
        interventions.skip(account, 2, now=NOW, by_id=None)


def test_a_step_on_its_way_cannot_be_skipped(account: int):
    a_message(account, an_entry(account, "100.00 DKK", on=DUE, due_on=DUE), status="sending")
    with pytest.raises(Refused, match="this moment"):
        interventions.skip(account, 1, now=NOW, by_id=None)


def test_skipping_a_call_closes_its_task(account: int):
    old = TODAY - timedelta(days=40)
    an_entry(account, "100.00 DKK", on=old, due_on=old)
    for step in (1, 2, 3):
        interventions.skip(account, step, now=NOW + timedelta(days=step - 1), by_id=None)
    later = NOW + timedelta(days=4)
    automation.run(later)
    assert db.session.scalars(select(Task.status).where(Task.kind == "call")).all() == ["open"]

    interventions.skip(account, 4, now=later, by_id=None)

    assert db.session.scalars(select(Task.status).where(Task.kind == "call")).all() == ["cancelled"]


def test_moved_to_follow_up_nothing_goes_by_itself(account: int):
    an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    interventions.take_over(account, now=NOW, by_id=None)

    assert stage(account) == "follow_up"
    assert db.session.scalars(select(Message.status)).all() == ["cancelled"]
    assert automation.run(NOW + timedelta(days=30)).queued == 0
    with pytest.raises(Refused, match="already"):
        interventions.take_over(account, now=NOW, by_id=None)


def test_without_a_plan_at_work_there_is_nothing_to_take_over(account: int):
    an_entry(account, "100.00 DKK", due_on=TODAY + timedelta(days=3))
    with pytest.raises(Refused, match="No plan"):
        interventions.take_over(account, now=NOW, by_id=None)


@pytest.mark.parametrize(("starts_over", "step", "count"), [(False, 2, 1), (True, 1, 2)])
def test_unblocked_it_goes_on_or_starts_over(account: int, starts_over: bool, step: int, count: int):
    invoice = an_entry(account, "100.00 DKK", on=DUE, due_on=DUE)
    automation.decide([account], NOW)
    engagement = open_engagement(account)
    engagement.started_at = NOW
    db.session.commit()
    a_message(account, invoice)
    accounts.block(account, reason="Asked", review_on=None, now=NOW, by_id=None)

    interventions.unblock(account, starts_over=starts_over, now=NOW, by_id=None)

    assert db.session.get_one(Account, account, populate_existing=True).step == step
    assert db.session.scalar(select(func.count()).select_from(Engagement)) == count
    assert verify(NOW).differences == 0
