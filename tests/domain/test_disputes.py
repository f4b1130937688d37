"""What rests of an item, what the ledger makes of a dispute, and what may be disputed."""

from dataclasses import replace
from datetime import date

import pytest

from tests.worlds import an_item
from wiseops.domain.disputes import Dispute, check_amount, check_deadline, check_split, judge, lay
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money

DAY = date(2026, 3, 2)
PART = Dispute(1, 1, "DKK", 400, "open", DAY)
WHOLE = replace(PART, amount=None)
UPHELD = replace(PART, granted=400, is_decided=True)


@pytest.mark.parametrize(
    ("dispute", "open", "rests", "status"),
    [
        (PART, 1000, 400, "open"),
        (PART, 300, 300, "open"),
        (PART, 0, 0, "settled"),
        (WHOLE, 1000, 1000, "open"),
        (replace(WHOLE, credited=300), 700, 700, "open"),
        (replace(WHOLE, credited=1000), 0, 0, "credited"),
        (UPHELD, 1000, 400, "upheld"),
        (replace(UPHELD, credited=300), 700, 100, "upheld"),
        (replace(UPHELD, credited=400), 600, 0, "credited"),
        (UPHELD, 0, 0, "settled"),
        (replace(PART, credited=600), 400, 400, "open"),
        (replace(PART, credited=1000), 0, 0, "credited"),
        (replace(WHOLE, is_decided=True, credited=300), 700, 700, "upheld"),
        (replace(UPHELD, granted=150, is_split=True), 1000, 150, "split"),
        (replace(UPHELD, status="credited"), 1000, 400, "upheld"),
    ],
)
def test_what_rests_and_what_it_is(dispute: Dispute, open: int, rests: int, status: str):
    assert (dispute.rests(open), judge(dispute, open)) == (rests, status)


@pytest.mark.parametrize(("imported", "disputed"), [(0, 400), (300, 400), (600, 600)])
def test_of_an_imported_figure_and_a_dispute_the_larger_counts(imported: int, disputed: int):
    (item, other) = lay([an_item(1, DAY, 1000, disputed=imported), an_item(2, DAY, 1000)], [PART])
    assert (item.disputed, other.disputed) == (disputed, 0)


@pytest.mark.parametrize(
    ("amount", "open", "words"),
    [
        (Money(1001, "DKK"), 1000, r"At most 10\.00 DKK"),
        (Money(0, "DKK"), 1000, "more than nothing"),
        (Money(-1, "DKK"), 1000, "more than nothing"),
        (Money(100, "EUR"), 1000, "in DKK"),
        (None, 0, "open any more"),
    ],
)
def test_what_cannot_be_disputed_is_refused_on_the_amount(amount: Money | None, open: int, words: str):
    with pytest.raises(Refused, match=words) as refused:
        check_amount(amount, currency="DKK", open=open)
    assert refused.value.field == "amount"


def test_a_split_is_neither_nothing_nor_all():
    assert check_split(Money(399, "DKK"), currency="DKK", rests=400) == 399
    for amount in (None, Money(0, "DKK"), Money(400, "DKK"), Money(401, "DKK"), Money(10, "EUR")):
        with pytest.raises(Refused):
            check_split(amount, currency="DKK", rests=400)


@pytest.mark.parametrize("due_on", [date(2026, 3, 1), date(2027, 3, 3)])
def test_a_deadline_is_neither_past_nor_a_year_away(due_on: date):
    check_deadline(DAY, DAY)
    with pytest.raises(Refused) as refused:
        check_deadline(due_on, DAY)
    assert refused.value.field == "due_on"
