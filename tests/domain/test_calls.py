"""A call of two legs: whatever order the news comes in, the end is the same."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from wiseops.domain.calls import Leg, State, disposition, further, lasts, state

TALK = (
    ("collector", "started"), ("collector", "ringing"), ("collector", "answered"), ("debtor", "started"),
    ("debtor", "ringing"), ("debtor", "answered"), ("debtor", "completed"), ("collector", "completed"),
)  # fmt: skip
PHASE = {State.ASKED: 0, State.UNKNOWN: 0, State.RINGING: 1, State.ANSWERED: 2, State.CONNECTED: 3}


def states(told: list[tuple[str, str]]) -> list[State]:
    legs, found = {"collector": "", "debtor": ""}, []
    for leg, said in told:
        legs[leg] = further(legs[leg], said)
        found.append(state("asked", **legs))
    return found


def test_a_talk_runs_from_our_phone_to_theirs_to_its_end():
    assert (
        states(list(TALK))
        == ["ringing", "ringing", "answered", "answered", "answered", "connected"] + ["completed"] * 2
    )


@pytest.mark.parametrize(
    ("collector", "debtor", "whole"),
    [
        ("", "", "asked"),
        ("busy", "", "busy"),
        ("unanswered", "", "unanswered"),
        ("rejected", "", "rejected"),
        ("failed", "", "failed"),
        ("completed", "", "cancelled"),
        ("completed", "ringing", "cancelled"),
        ("completed", "answered", "completed"),
        ("answered", "busy", "busy"),
        ("answered", "unanswered", "unanswered"),
        ("", "answered", "connected"),
    ],
)
def test_the_legs_say_where_the_call_is(collector: str, debtor: str, whole: str):
    assert state("asked", collector, debtor) == whole


NEWS = st.lists(st.tuples(st.sampled_from(["collector", "debtor"]), st.sampled_from(list(Leg)[1:])), max_size=8)


@given(NEWS, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_ends_the_same(told: list[tuple[str, str]], random):
    shuffled = told * 2
    random.shuffle(shuffled)

    assert states(shuffled)[-1:] == states(told)[-1:]


@given(NEWS)
def test_a_call_never_goes_back(told: list[tuple[str, str]]):
    phases = [PHASE.get(each, 4) for each in states(told)]

    assert phases == sorted(phases)


def test_every_order_of_a_talk_is_completed():
    for told in itertools.islice(itertools.permutations(TALK), 0, None, 97):
        assert states(list(told))[-1] == State.COMPLETED


def test_what_is_proposed_is_what_was_heard():
    assert disposition("completed", answered=True) == "Spoke to Customer"
    assert disposition("busy", answered=False) == disposition("unanswered", answered=False) == "No Answer"
    assert disposition("", answered=False) is None


def test_nobody_waits_for_ever():
    assert lasts("ringing", NOW, NOW + timedelta(seconds=59))
    assert not lasts("ringing", NOW, NOW + timedelta(seconds=60))
    assert lasts("connected", NOW, NOW + timedelta(minutes=90))
    assert not lasts("busy", NOW, NOW)
