"""What decide() promises for any book: stable until wake_at, at rest after its effects."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import World, a_plan, a_step, an_item, at, rules_of
from wiseops.domain.automation.decide import decide
from wiseops.domain.automation.decision import Decision
from wiseops.domain.automation.snapshot import Snapshot, Waiting
from wiseops.domain.disputes import Dispute
from wiseops.domain.guardrails.settings import EVERY_DAY, Guardrails
from wiseops.domain.plans import Conditions
from wiseops.domain.promises import Part, Promise, Receipt

START = date(2026, 3, 2)

items = st.lists(
    st.builds(
        lambda due, amount, currency, kind, disputed: (due, amount, currency, kind, min(disputed, amount)),
        st.integers(-60, 30),
        st.integers(100, 200_000),
        st.sampled_from(["DKK", "EUR"]),
        st.sampled_from(["invoice", "invoice", "fee", "refund"]),
        st.sampled_from([0, 0, 0, 0, 0, 10_000, 200_000]),
    ),
    min_size=1,
    max_size=4,
)


guardrails = st.builds(
    Guardrails,
    weekdays=st.sampled_from([EVERY_DAY, EVERY_DAY, frozenset({1, 3, 6})]),
    opens=st.sampled_from([time(8), time(11)]),
    closes=st.sampled_from([time(20), time(12), time(21, 30)]),
    holidays=st.booleans(),
    cap=st.sampled_from([None, None, 1, 2]),
    sms_cap=st.sampled_from([None, 1]),
    cap_days=st.sampled_from([1, 7, 30]),
    gap_days=st.sampled_from([0, 0, 12]),
)


@st.composite
def promises(draw, place: int, currency: str) -> Promise:
    days = sorted(draw(st.sets(st.integers(0, 30), min_size=1, max_size=3)))
    parts = tuple(Part(draw(st.integers(1, 90_000)), START + timedelta(days=day)) for day in days)
    receipts = draw(st.lists(st.builds(Receipt, st.just(START), st.integers(1, 90_000)), max_size=1))
    items = draw(st.sampled_from([None, frozenset({1}), frozenset({2, 3})]))
    return Promise(place, currency, parts, draw(st.integers(1, 4)), items, tuple(receipts))


@st.composite
def disputes(draw, place: int) -> Dispute:
    granted = draw(st.sampled_from([None, None, 5_000, 100_000]))
    return Dispute(
        place,
        draw(st.integers(1, 4)),
        "DKK",
        draw(st.sampled_from([None, 10_000, 150_000])),
        draw(st.sampled_from(["open", "upheld", "split", "credited", "settled"])),
        START + timedelta(days=draw(st.integers(-3, 30))),
        granted,
        granted == 5_000,
        draw(st.sampled_from([0, 0, 4_000, 100_000])),
        is_decided=granted is not None or draw(st.booleans()),
    )


@st.composite
def worlds(draw) -> World:
    found = draw(items)
    book = tuple(
        an_item(n, START + timedelta(days=due), amount, currency=currency, kind=kind, disputed=disputed)
        for n, (due, amount, currency, kind, disputed) in enumerate(found, 1)
    )
    plan = a_plan(
        a_step(1, draw(st.integers(0, 5)), *draw(st.sampled_from([("email",), ("email", "sms"), ("sms",)]))),
        a_step(2, draw(st.integers(5, 12)), "email", gap=draw(st.integers(0, 9))),
        a_step(3, 20, draw(st.sampled_from(["call", "sms"])), deadline_days=draw(st.sampled_from([None, 14]))),
        conditions=Conditions(
            days_overdue=draw(st.integers(1, 8)), minimum=draw(st.sampled_from([{}, {"EUR": 5_000}]))
        ),
    )
    promised = draw(st.sampled_from([(), (), ("DKK",), ("EUR",), ("DKK", "EUR")]))
    snapshot = Snapshot(
        1,
        book,
        draw(st.sampled_from([{}, {}, {}, {"DKK": 5_000}, {"EUR": 100_000}])),
        country=draw(st.sampled_from(["DK", "NO", "US", None])),
        zone=draw(st.sampled_from([None, "America/Los_Angeles", "Pacific/Auckland"])),
        phone_zones=draw(st.sampled_from([(), (), ("America/New_York",), ("Europe/Lisbon", "Atlantic/Azores")])),
        barred=draw(
            st.sampled_from([(), (), (), (("email", "bounced"),), (("email", "invalid"), ("sms", "opted_out"))])
        ),
        contacts=draw(st.sampled_from([(), ((START - timedelta(days=1), "sms"), (START, "email"))])),
        has_email=draw(st.sampled_from([True, True, False])),
        has_sms=draw(st.booleans()),
        block=draw(st.sampled_from([None] * 7 + ["asked"])),
        block_review_on=draw(st.sampled_from([None, START + timedelta(days=9)])),
        hold_until=draw(st.sampled_from([None, None, START + timedelta(days=6)])),
        waiting=draw(st.sampled_from([None, None, Waiting(1, START - timedelta(days=4), START + timedelta(days=2))])),
        promises=tuple(draw(promises(place, code)) for place, code in enumerate(promised, 1)),
        disputes=tuple(draw(disputes(place)) for place in range(1, 1 + draw(st.sampled_from([0, 0, 1, 2])))),
        last_contact_on=draw(st.sampled_from([None, START - timedelta(days=1)])),
    )
    start = datetime.combine(START, datetime.min.time(), at(START).tzinfo)
    paused = draw(st.sampled_from([False, False, True]))
    pause_until = draw(st.sampled_from([None, at(START + timedelta(days=11), 12)]))
    rules = rules_of(plan, paused=paused, pause_until=pause_until, guardrails={"": draw(guardrails)})
    world = World(snapshot, rules, start, holds_mail=draw(st.booleans()))
    world.until(at(START + timedelta(days=draw(st.integers(0, 40))), draw(st.integers(0, 23))))
    return world


def seen(decision: Decision) -> tuple:
    codes = [reason.code for reason in decision.reasons]
    return decision.stage, decision.plan_id, decision.step, decision.send_at, decision.held, codes, decision.amounts()


@settings(max_examples=250, deadline=None)
@given(worlds(), st.floats(0, 1))
def test_until_wake_at_the_clock_changes_nothing(world: World, share: float):
    decision = world.decide()
    end = decision.wake_at or world.now + timedelta(days=100)
    later = world.now + share * (end - world.now)
    if decision.wake_at is not None and later >= decision.wake_at:
        later = world.now

    again = decide(world.snapshot, world.rules, later)

    if not (world.holds_mail is False and list(decision.queued())):
        assert seen(again) == seen(decision)
        assert again.effects == ()


@settings(max_examples=250, deadline=None)
@given(worlds())
def test_after_its_effects_a_decision_is_at_rest(world: World):
    world.holds_mail = True
    first = world.decide()

    again = decide(world.snapshot, world.rules, world.now)

    assert again.effects == ()
    assert seen(again) == seen(first)
    assert [r.to_json() for r in again.reasons] == [r.to_json() for r in first.reasons]
    assert first.wake_at is None or again.wake_at is None or first.wake_at <= again.wake_at


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_no_step_goes_twice_and_none_is_jumped(world: World):
    world.holds_mail = False
    world.until(world.now + timedelta(days=60))

    by_engagement = [(step, channel) for _, step, channel in world.sent]
    assert len(set(by_engagement)) == len(by_engagement)
    assert [step for _, step, _ in world.sent] == sorted(step for _, step, _ in world.sent)
    days = [day for day, _, _ in world.sent]
    assert len(set(days)) == len(days)


def test_a_message_waits_for_its_time_of_day_and_leaves_once():
    world = World(Snapshot(1, (an_item(1, START - timedelta(days=3)),), has_email=True), rules_of(), at(START, 0))
    world.until(at(START, 9, 59))
    assert world.sent == []

    world.until(at(START, 10))
    world.until(at(START, 23))
    assert world.sent == [(START, 1, "email")]


def test_an_imported_dispute_rests_and_the_account_is_held():
    item = replace(an_item(1, START - timedelta(days=9)), disputed=10_000)
    decision = decide(Snapshot(1, (item,), has_email=True), rules_of(), at(START))
    assert decision.held == "dispute"
    assert not list(decision.queued())
