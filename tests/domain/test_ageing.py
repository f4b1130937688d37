"""How old what is owed is."""

from datetime import date, timedelta

import pytest

from wiseops.domain import ageing

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, "not_due"), (0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"),
     (90, "61-90"), (91, "over_90"), (4000, "over_90")],
)  # fmt: skip
def test_the_bucket_of_an_item_is_by_days_since_its_due_date(days: int, bucket: str):
    assert ageing.bucket(TODAY - timedelta(days=days), TODAY) == bucket


def test_amounts_are_added_up_per_bucket_and_every_bucket_has_a_figure():
    items = [(TODAY, 5), (TODAY - timedelta(days=2), 7), (TODAY - timedelta(days=3), 1)]

    assert ageing.aged(items, TODAY) == {"not_due": 5, "1-30": 8, "31-60": 0, "61-90": 0, "over_90": 0}
