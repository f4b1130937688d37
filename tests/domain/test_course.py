"""How one engagement goes on from step to step when a message comes back."""

from dataclasses import replace
from datetime import date, timedelta

from tests.worlds import World, a_plan, a_step, an_item, at, rules_of
from wiseops.domain.automation.snapshot import Attempt, Snapshot

START = date(2026, 3, 2)


def on(days: int) -> date:
    return START + timedelta(days=days)


def after_two_steps(*returned: int, both_left: bool = True) -> World:
    """Steps 1 and 2 left by e-mail, or step 1 alone; then those mails came back."""
    world = World(Snapshot(1, (an_item(1, START),), has_email=True, has_sms=True), rules_of(), at(START))
    world.until(at(on(10 if both_left else 9), 12))
    run, missing = world.snapshot.run, {(step, "email"): Attempt("undelivered", world.now) for step in returned}
    done = {step: day for step, day in run.done.items() if step not in returned}
    world.snapshot = replace(world.snapshot, run=replace(run, attempts={**run.attempts, **missing}, done=done))
    return world


def test_what_comes_back_after_a_later_step_left_is_not_sent_by_another_channel():
    world = after_two_steps(1)
    world.until(at(on(40)))
    assert world.sent == [(on(3), 1, "email"), (on(10), 2, "email"), (on(21), 3, "email")]
    assert world.tasks == ["call"]


def test_what_comes_back_before_a_later_step_left_goes_by_another_channel():
    world = after_two_steps(1, both_left=False)
    world.until(at(on(9), 14))
    assert world.sent == [(on(3), 1, "email"), (on(9), 1, "sms")]


def test_where_both_came_back_only_the_later_goes_by_another_channel():
    world = after_two_steps(1, 2)
    world.until(at(on(20)))
    assert world.sent[2:] == [(on(15), 2, "sms")]


def test_what_comes_back_once_a_person_was_asked_to_call_is_left_to_them():
    plan = a_plan(a_step(1, 3), a_step(2, 10, "call"))
    world = World(Snapshot(1, (an_item(1, START),), has_email=True, has_sms=True), rules_of(plan), at(START))
    world.until(at(on(10), 12))
    returned = {(1, "email"): Attempt("undelivered", world.now)}
    world.snapshot = replace(world.snapshot, run=replace(world.snapshot.run, attempts=returned, done={}))
    world.until(at(on(20)))
    assert (world.sent, world.tasks) == ([(on(3), 1, "email")], ["call"])


def test_a_plan_cut_short_of_what_came_back_goes_on_with_its_last_step():
    world = after_two_steps(1, 2)
    world.rules = rules_of(a_plan(a_step(1, 3)))
    world.until(at(on(60)))
    assert [sent[1:] for sent in world.sent[2:]] == [(1, "sms")]
    assert world.decide().stage == "follow_up"
