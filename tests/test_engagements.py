"""The rules of an engagement, each told as the sentence that asks for it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from tests.stories import MONDAY, Story, days
from tests.worlds import WEEK, World, a_plan, a_step, an_item, at, rules_of
from wiseops.domain.automation.demand import demand
from wiseops.domain.automation.snapshot import Run, Snapshot
from wiseops.domain.contacts import Details
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.domain.holidays import Calendar
from wiseops.domain.positions import stand
from wiseops.extensions import db
from wiseops.models import Message
from wiseops.services import accounts, automation, contacts, entries, holds, pauses
from wiseops.services.transaction import transaction

pytestmark = pytest.mark.usefixtures("app")


def test_reminders_follow_one_another_and_end_with_a_call_then_follow_up():
    story = Story()
    story.owes("1", due=MONDAY)

    story.until(days(29))
    assert story.steps == [(days(3), 1), (days(10), 2), (days(21), 3)]

    story.until(days(30))
    assert story.tasks == ["call"]
    story.finish_call()
    story.until(days(36))
    assert story.stage == "engaged"
    story.until(days(37))
    assert story.stage == "follow_up"


def test_a_customer_who_pays_the_old_and_owes_the_new_starts_again_from_step_one():
    story = Story()
    story.owes("old", due=MONDAY)
    story.owes("new", due=days(5))

    story.morning_of(days(11))
    assert story.told == [(days(3), 1, "email", ["old"], []), (days(10), 2, "email", ["old"], ["new"])]

    story.pays("1000.00 DKK", number="p", to="old")
    story.until(days(15))
    assert story.steps[2:] == []
    story.until(days(16))
    assert story.told[2:] == [(days(16), 1, "email", ["new"], [])]


def test_an_item_that_falls_overdue_later_is_named_but_not_demanded():
    story = Story()
    story.owes("1", due=MONDAY)
    story.owes("2", due=days(4))
    story.until(days(10))
    assert story.told[1] == (days(10), 2, "email", ["1"], ["2"])


def test_every_item_overdue_at_step_one_is_an_anchor():
    story = Story()
    story.owes("1", due=MONDAY)
    story.owes("2", due=days(2))
    story.until(days(3))
    assert story.told == [(days(3), 1, "email", ["1", "2"], [])]


def test_a_part_payment_moves_the_next_step_once():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(9))
    story.pays("100.00 DKK", number="p1", to="1")
    story.until(days(11))
    story.pays("100.00 DKK", number="p2", to="1")
    story.until(days(13))
    assert story.steps == [(days(3), 1)]

    story.until(days(14))
    assert story.steps == [(days(3), 1), (days(14), 2)]


def test_a_part_payment_of_what_is_not_overdue_moves_nothing():
    story = Story()
    story.owes("1", due=MONDAY)
    story.owes("later", due=days(40))
    story.morning_of(days(9))
    story.pays("100.00 DKK", number="p1", to="later")
    story.until(days(10))
    assert story.steps == [(days(3), 1), (days(10), 2)]


def test_a_payment_reversed_within_thirty_days_reopens_where_it_stood():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(11))
    payment = story.pays("1000.00 DKK", number="p", to="1")
    story.until(days(28))
    assert story.stage == "clear"

    story.takes_back(payment)
    story.until(days(29))
    assert story.steps == [(days(3), 1), (days(10), 2), (days(29), 3)]


def test_a_payment_reversed_after_thirty_days_starts_anew():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(11))
    payment = story.pays("1000.00 DKK", number="p", to="1")
    story.until(days(44))
    story.takes_back(payment)
    story.until(days(45))
    assert story.steps[2:] == [(days(45), 1)]


def test_an_engagement_without_a_message_gives_way_to_the_one_that_comes_back():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(11))
    payment = story.pays("1000.00 DKK", number="p", to="1")
    story.owes("2", due=days(14))
    story.until(days(15))
    assert story.stage == "scheduled"

    story.takes_back(payment)
    story.until(days(21))
    assert story.told[2:] == [(days(21), 3, "email", ["1"], ["2"])]


def test_an_engagement_with_a_message_takes_the_item_that_comes_back():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(4))
    payment = story.pays("1000.00 DKK", number="p", to="1")
    story.owes("2", due=days(6))
    story.until(days(9))
    assert story.told[1:] == [(days(9), 1, "email", ["2"], [])]

    story.takes_back(payment)
    story.until(days(14))
    assert story.told[2:] == [(days(14), 2, "email", ["1", "2"], [])]


def test_a_late_start_begins_at_step_one_and_keeps_the_gap():
    story = Story()
    story.owes("1", due=MONDAY - timedelta(days=60), on=MONDAY - timedelta(days=90))
    story.until(days(11))
    assert story.steps == [(MONDAY, 1), (days(7), 2)]


def test_it_ends_without_trace_when_all_is_paid_before_step_one():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(1))
    assert story.stage == "scheduled"

    story.pays("1000.00 DKK", number="p", to="1")
    story.until(days(20))
    assert (story.stage, story.steps) == ("clear", [])


def test_without_a_channel_steps_are_passed_over_to_the_call():
    story = Story(email="")
    story.owes("1", due=MONDAY)
    story.until(days(3))
    assert story.tasks == ["find_contact"]

    story.until(days(30))
    assert story.steps == []
    assert story.tasks == ["find_contact", "call"]


def test_a_step_passed_over_does_not_come_back():
    story = Story(email="")
    story.owes("1", due=MONDAY)
    story.until(days(4))
    contacts.create(story.account_id, Details(email="found@example.com"), now=story.now)
    story.until(days(10))
    assert story.steps == [(days(10), 2)]


def test_blocked_it_rests_and_goes_on_where_it_was():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(4))
    accounts.block(story.account_id, reason="asked for time", review_on=None, now=story.now, by_id=None)
    story.until(days(14))
    assert (story.stage, story.steps) == ("blocked", [(days(3), 1)])

    accounts.unblock(story.account_id, now=story.now, by_id=None)
    story.until(days(15))
    assert story.stage == "engaged"
    assert story.steps == [(days(3), 1), (days(15), 2)]


def test_a_review_of_a_block_makes_a_task_and_does_not_unblock():
    story = Story()
    story.owes("1", due=MONDAY)
    accounts.block(story.account_id, reason="asked", review_on=days(2), now=story.now, by_id=None)
    story.until(days(5))
    assert (story.stage, story.tasks, story.steps) == ("blocked", ["block_review"], [])


def test_a_hold_ends_by_itself_and_leaves_the_stage():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(4))
    holds.hold(story.account_id, until=days(16), reason="away", now=story.now, by_id=None)
    story.until(days(15))
    assert (story.stage, story.account.held, len(story.steps)) == ("engaged", "hold", 1)
    story.until(days(16))
    assert story.steps == [(days(3), 1), (days(16), 2)]


def test_paused_nothing_leaves_and_a_paid_account_still_clears():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(2))
    pauses.begin(reason="new prices", now=story.now)
    story.until(days(8))
    assert (story.steps, story.stage, story.account.held) == ([], "scheduled", "paused")

    story.pays("1000.00 DKK", number="p", to="1")
    story.until(days(9))
    assert story.stage == "clear"


def test_resumed_it_starts_with_step_one_at_the_next_allowed_moment():
    story = Story()
    story.owes("1", due=MONDAY)
    pauses.begin(reason="holiday", now=story.now)
    story.until(days(12))
    pauses.end(now=story.now)
    story.until(days(14))
    assert story.steps == [(days(14), 1)]


def test_a_pause_with_an_end_is_over_by_itself():
    story = Story()
    story.owes("1", due=MONDAY)
    pauses.begin(reason="holiday", now=story.now, until=story.now + timedelta(days=8, hours=12))
    story.until(days(7))
    assert story.steps == []
    story.until(days(8))
    assert story.steps == [(days(8), 1)]


def test_a_small_rest_is_for_a_person_until_a_newer_item_lifts_it():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(4))
    story.pays("996.00 DKK", number="p", to="1")
    story.until(days(11))
    assert (story.stage, len(story.steps)) == ("follow_up", 1)

    story.owes("2", due=days(11))
    story.until(days(12))
    assert (story.stage, len(story.steps)) == ("engaged", 1)
    story.until(days(14))
    assert story.told[1:] == [(days(14), 2, "email", ["1"], ["2"])]


def test_in_follow_up_a_newer_item_makes_a_task_and_starts_nothing():
    story = Story()
    story.owes("1", due=MONDAY)
    story.until(days(30))
    story.finish_call()
    story.until(days(40))
    story.owes("2", due=days(41))
    story.until(days(60))
    assert story.stage == "follow_up"
    assert story.tasks == ["call", "new_item"]
    assert len(story.steps) == 3


def test_a_disputed_part_rests_and_the_rest_is_demanded():
    story = Story()
    story.owes("1", due=MONDAY, disputed=100_000)
    story.owes("2", due=MONDAY, disputed=40_000)
    story.until(days(3))
    assert story.told == [(days(3), 1, "email", ["2"], [])]
    assert "600" in story.post.letters[0].body


def test_a_wholly_disputed_account_is_held():
    story = Story()
    story.owes("1", due=MONDAY, disputed=100_000)
    story.until(days(8))
    assert (story.steps, story.account.held, story.stage) == ([], "dispute", "scheduled")


def test_no_message_on_a_public_holiday_or_a_weekend():
    story = Story()
    story.owes("1", due=date(2026, 3, 30))
    story.until(date(2026, 4, 6))
    assert story.steps == []
    story.until(date(2026, 4, 7))
    assert story.steps == [(date(2026, 4, 7), 1)]


def test_a_changed_due_date_moves_the_step():
    story = Story()
    entry = story.owes("1", due=MONDAY)
    story.until(days(2))
    entries.update(entry, due_on=days(7), disputed=0, payment_reference="", now=story.now, by_id=None)
    story.until(days(9))
    assert story.steps == []
    story.until(days(10))
    assert story.steps == [(days(10), 1)]


def test_money_in_one_currency_never_covers_another():
    story = Story()
    story.owes("1", "1000.00 DKK", due=MONDAY)
    story.owes("2", "50.00 EUR", due=MONDAY)
    story.pays("60.00 EUR", number="p")
    story.until(days(3))
    assert story.told == [(days(3), 1, "email", ["1"], [])]
    assert "1,000.00" in story.post.letters[0].body
    assert "EUR" not in story.post.letters[0].body


def test_a_promise_of_a_part_leaves_the_rest_demanded():
    item = an_item(1, MONDAY, promised=4_000)
    book = stand((item,), {}, days(3))
    run = Run(1, 1, frozenset({1}), started=True)
    found = demand(a_plan(), run, book, 1, rules_of(), days(3))
    assert found.totals == {"DKK": 6_000}


@pytest.mark.parametrize("database_url", ["sqlite"], ids=["sqlite"], indirect=True)
def test_a_reminder_that_returns_after_the_next_one_left_goes_by_no_other_channel():
    story = Story(phone="+4520123456")
    story.owes("1", due=MONDAY)
    story.until(days(10))
    with transaction():
        db.session.execute(update(Message).where(Message.step == 1).values(status="undelivered"))
        automation.touch([story.account_id])
    story.until(days(21))
    assert [(step, channel) for _, step, channel, *_ in story.told] == [(1, "email"), (2, "email"), (3, "email")]


def test_undelivered_takes_the_next_channel_of_the_same_step():
    world = World(Snapshot(1, (an_item(1, MONDAY),), has_email=True, has_sms=True), rules_of(), at(MONDAY))
    world.holds_mail = True
    world.until(at(days(3), 12))
    world.send(1, "email", "undelivered")
    world.holds_mail = False
    world.until(at(days(3), 13))
    assert world.sent == [(days(3), 1, "sms")]


def test_an_unclear_message_keeps_the_next_channel_back():
    world = World(Snapshot(1, (an_item(1, MONDAY),), has_email=True, has_sms=True), rules_of(), at(MONDAY))
    world.holds_mail = True
    world.until(at(days(3), 12))
    world.send(1, "email", "unknown")
    world.until(at(days(9)))
    assert list(world.snapshot.run.attempts) == [(1, "email")]


def test_no_channel_at_all_holds_and_then_asks_for_a_person():
    only_mail = a_plan(a_step(1, 3, "email"), a_step(2, 10, "email"))
    world = World(Snapshot(1, (an_item(1, MONDAY),)), rules_of(only_mail), at(MONDAY))
    world.until(at(days(9), 23))
    assert (world.decide().held, world.decide().stage) == ("no_channel", "scheduled")
    world.until(at(days(10), 1))
    assert world.decide().stage == "follow_up"
    assert world.tasks == ["find_contact"]


@pytest.mark.parametrize(("zones", "closed"), [(("Pacific/Auckland",), True), (("Europe/Lisbon",), False)])
def test_where_no_hour_ever_opens_a_person_is_asked(zones: tuple[str, ...], closed: bool):
    debtor = Snapshot(1, (an_item(1, MONDAY),), zone="Europe/Copenhagen", phone_zones=zones, has_email=True)
    office = Guardrails(weekdays=WEEK, opens=time(8), closes=time(18))
    world = World(debtor, rules_of(a_plan(a_step(1, 3)), guardrails={"": office}), at(MONDAY))
    world.until(at(days(9), 23))
    assert (world.decide().held == "no_slot", world.sent == []) == (closed, closed)
    world.until(at(days(10), 1))
    assert [r.to_json() for r in world.decide().reasons if r.code == "follow_up"] == [
        {"code": "follow_up", "why": "no_slot" if closed else "finished"}
    ]


def test_an_hour_that_opens_after_months_is_none():
    debtor = Snapshot(1, (an_item(1, MONDAY),), has_email=True)
    closed = Calendar("DK", frozenset(days(n) for n in range(90)), frozenset({MONDAY.year}))
    world = World(debtor, rules_of(a_plan(a_step(1, 3)), calendars={"DK": closed}), at(MONDAY))
    world.until(at(days(10), 1))
    assert world.decide().stage == "follow_up"


def test_a_deadline_is_waited_for_and_rolls_to_a_working_day():
    plan = a_plan(a_step(1, 1), a_step(2, 2, deadline_days=14, gap=0))
    world = World(Snapshot(1, (an_item(1, MONDAY),), has_email=True), rules_of(plan), at(MONDAY))
    world.until(at(days(30)))
    assert [day for day, *_ in world.sent] == [days(1), days(16)]
    assert demand(
        plan, world.snapshot.run, stand(world.snapshot.items, {}, days(1)), 1, rules_of(), days(1)
    ).deadline == days(15)
