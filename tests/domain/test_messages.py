"""Which way a message's status moves."""

from datetime import timedelta

import pytest

from tests.factories import NOW
from wiseops.domain.messages import MOVES, Status, before, digest, rests_until, retry_at, slice_size

SETTLED = {Status.UNDELIVERED, Status.FAILED, Status.CANCELLED}


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_what_is_settled_never_moves_again(status: Status):
    assert MOVES[status] == frozenset()


def test_bad_news_comes_after_good():
    assert MOVES[Status.DELIVERED] == {Status.UNDELIVERED}


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.QUEUED, Status.CLAIMED, Status.SENDING}))
def test_what_may_have_left_is_never_queued_again(status: Status):
    assert Status.QUEUED not in MOVES[status]


def test_only_what_is_sending_becomes_unknown():
    assert before(Status.UNKNOWN) == (Status.SENDING,)


def test_each_try_waits_longer_until_it_waits_four_hours():
    waits = [retry_at(attempts, NOW) - NOW for attempts in range(1, 8)]

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=4))


def test_nobody_is_asked_again_before_he_wants_within_reason():
    waits = [retry_at(1, NOW, retry_after=seconds) - NOW for seconds in (0, 30, 600, 999_999_999)]

    assert waits == [timedelta(minutes=1), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=4)]


@pytest.mark.parametrize(("unclear", "minutes"), [(1, None), (2, None), (3, 1), (5, 1), (6, 5), (9, 15), (99, 15)])
def test_a_channel_rests_longer_the_more_answers_in_a_row_are_unclear(unclear: int, minutes: int | None):
    assert rests_until(unclear, NOW) == (NOW + timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(
    ("channel", "per_second", "size"),
    [("email", 1, 1), ("email", 3, 1), ("email", 5, 2), ("email", 20, 10), ("email", 1000, 10), ("sms", 1000, 1)],
)
def test_a_slice_is_no_larger_than_its_channel_is_fast(channel: str, per_second: int, size: int):
    assert slice_size(channel, per_second) == size


def test_the_digest_tells_texts_apart():
    assert digest("a", "b") != digest("ab", "")
    assert len(digest("", "")) == 64
