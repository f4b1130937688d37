"""What may be promised, what a promise covers, and how it is judged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.worlds import an_item, rules_of
from wiseops.domain.automation.promised import follow
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.disputes import Dispute
from wiseops.domain.entries import Item
from wiseops.domain.errors import Refused
from wiseops.domain.positions import stand
from wiseops.domain.promises import Part, Promise, Receipt, breaks_on, check, excusing, judge, propose

DAY = date(2026, 3, 2)


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def a_promise(*parts: tuple[int, int], received: tuple[tuple[int, int], ...] = (), **more: object) -> Promise:
    terms = tuple(Part(amount, on(day)) for amount, day in parts)
    receipts = tuple(Receipt(on(day), amount) for amount, day in received)
    return Promise(1, "DKK", terms, 9, receipts=receipts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "today", "status"),
    [
        ((), 12, "open"),
        ((), 13, "broken"),
        (((100, 10),), 10, "kept"),
        (((60, 4), (40, 10)), 10, "kept"),
        (((60, 4), (40, 12)), 12, "kept_late"),
        (((60, 4),), 13, "part_kept"),
        (((60, 4), (40, 13)), 13, "part_kept"),
        (((100, 4), (-100, 8)), 13, "broken"),
    ],
)
def test_it_is_judged_by_what_came_until_its_day_and_the_grace(received: tuple, today: int, status: str):
    assert judge(a_promise((100, 10), received=received), on(today), grace=2) == status


def test_of_instalments_each_counts_with_all_before_it():
    promise = a_promise((50, 5), (50, 15), received=((50, 5),))
    assert judge(promise, on(17), grace=2) == "open"
    assert breaks_on(promise, grace=2) == on(18)
    assert judge(promise, on(18), grace=2) == "part_kept"
    assert breaks_on(a_promise((50, 5), (50, 15)), grace=2) == on(8)


@pytest.mark.parametrize(
    ("excused", "received", "today", "status"),
    [
        (30, ((70, 8),), 10, "open"),
        (30, ((70, 8),), 11, "kept"),
        (30, ((40, 8), (30, 12)), 12, "kept_late"),
        (30, ((40, 8),), 12, "open"),
        (30, ((40, 8),), 13, "part_kept"),
        (30, (), 13, "broken"),
        (0, ((70, 8),), 13, "part_kept"),
        (100, (), 10, "open"),
        (100, (), 11, "cancelled"),
    ],
)
def test_what_is_disputed_on_its_day_is_not_asked_of_it(excused: int, received: tuple, today: int, status: str):
    assert judge(a_promise((100, 10), received=received, excused=excused), on(today), grace=2) == status


def test_what_could_not_be_paid_by_the_day_of_an_instalment_is_asked_for_with_the_next():
    promise = a_promise((50, 5), (50, 15), received=((40, 4),), excused=60)
    assert list(excusing(promise, on(5))) == []
    assert list(excusing(promise, on(6))) == [(0, 10)]

    known = replace(promise, parts=(Part(50, on(5), excused=10), Part(50, on(15))))
    assert list(excusing(known, on(9))) == []
    rejected = replace(known, excused=0)
    assert (judge(rejected, on(9), grace=2), breaks_on(rejected, grace=2)) == ("open", on(18))
    assert judge(replace(promise, excused=0), on(9), grace=2) == "part_kept"
    assert judge(rejected, on(18), grace=2) == "part_kept"
    assert judge(replace(rejected, receipts=(Receipt(on(4), 40), Receipt(on(14), 60))), on(14), grace=2) == "kept"


def test_what_disputes_keep_excuses_it_as_far_as_nothing_else_can_be_paid():
    def excused(promise: Promise, *items: Item, credit: int = 0, disputes: tuple[Dispute, ...] = ()) -> int:
        followed = follow(Snapshot(1, items, {"DKK": credit}, promises=(promise,), disputes=disputes), rules_of(), DAY)
        return followed.snapshot.promises[0].excused

    older, newer = an_item(1, on(-9), 100), an_item(2, on(-8), 100)
    noted = (Dispute(1, 1, "DKK", 40, "open", on(9)),)
    over_all, over_one = a_promise((200, 10)), a_promise((100, 10), items=frozenset({2}))

    assert excused(over_all, older, newer) == 0
    assert excused(over_all, older, newer, disputes=noted) == 40
    assert excused(over_all, replace(older, disputed=40), newer) == 40
    assert excused(over_one, older, newer, disputes=noted) == 0
    assert excused(a_promise((150, 10)), older, newer, disputes=noted) == 0
    assert excused(a_promise((200, 10), received=((160, 0),)), older, newer, credit=160, disputes=noted) == 40
    assert excused(a_promise((100, 10)), older, replace(newer, due_on=on(11)), disputes=noted) == 40


def test_over_the_balance_it_covers_the_oldest_first_after_credit_and_dispute_and_nothing_that_came_later():
    items = (an_item(1, on(-9), 100), an_item(2, on(-8), 100, disputed=40), an_item(12, on(-10), 100))
    book = stand(items, {"DKK": 130}, DAY, [a_promise((120, 5))])
    assert [(s.item.id, s.overdue, s.collectable) for s in book.overdue] == [(1, 70, 0), (2, 100, 10)]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        (((101, 5),), "amount_0_DKK"),
        (((60, 5), (41, 9)), "amount_1_DKK"),
        (((0, 5),), "amount_0_DKK"),
        (((10, -1),), "due_on_0"),
        (((10, 31),), "due_on_0"),
        (((10, 5), (10, 5)), "due_on_1"),
        ((), "amount_0_DKK"),
    ],
)
def test_what_cannot_be_promised_is_refused_on_its_field(parts: tuple, field: str):
    terms = [Part(amount, on(day)) for amount, day in parts]
    with pytest.raises(Refused) as refused:
        check(terms, currency="DKK", collectable=100, today=DAY, longest=30)
    assert refused.value.field == field


def test_a_proposal_adds_up():
    assert propose(100, DAY, 3, 7) == (Part(33, DAY), Part(33, on(7)), Part(34, on(14)))
