"""Going through a list, one account after the other."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import NOW, a_user, an_account
from wiseops.domain.errors import NotFound, Refused
from wiseops.queries import rounds as known
from wiseops.services import rounds


def test_a_round_goes_on_past_what_others_did_and_ends_with_the_last(app: Flask):
    ida = a_user().id
    one, two, three, four = ids = [an_account() for _ in range(4)]
    round_id, first = rounds.begin(ids, who="me", kind="", user_id=ida, now=NOW)
    assert first == one
    assert known.place(two, user_id=ida, now=NOW) == known.Place(round_id, 2, 4)

    mine = {"user_id": ida, "now": NOW}
    assert rounds.go_on(round_id, one, still={one, three, four}, **mine) == three
    assert rounds.postpone(round_id, three, still={three, four}, **mine) == four
    assert rounds.go_on(round_id, four, still={three}, **mine) == three
    assert rounds.go_back(round_id, three, **mine) == four
    assert rounds.go_on(round_id, three, still=set(ids), **mine) is None
    assert known.place(two, user_id=ida, now=NOW) is None


def test_others_see_who_has_an_account_open_and_nobody_moves_anothers_round(app: Flask):
    ida, bo = a_user(name="Ida Holm").id, a_user().id
    account = an_account()
    round_id, _ = rounds.begin([account], who="me", kind="", user_id=ida, now=NOW)

    assert known.open_with([account], but=bo, now=NOW) == {account: "Ida Holm"}
    assert known.open_with([account], but=ida, now=NOW) == {}
    assert known.open_with([account], but=bo, now=NOW + timedelta(minutes=11)) == {}
    with pytest.raises(NotFound):
        rounds.end(round_id, user_id=bo, now=NOW)
    rounds.end(round_id, user_id=ida, now=NOW)
    assert known.open_with([account], but=bo, now=NOW) == {}


def test_a_list_of_nothing_is_no_round(app: Flask):
    with pytest.raises(Refused):
        rounds.begin([], who="me", kind="", user_id=a_user().id, now=NOW)


def test_later_pressed_twice_goes_on_as_once(app: Flask):
    ida = a_user().id
    one, two, three = ids = [an_account() for _ in range(3)]
    round_id, _ = rounds.begin(ids, who="me", kind="", user_id=ida, now=NOW)
    mine = {"still": set(ids), "user_id": ida, "now": NOW}

    assert [rounds.postpone(round_id, one, **mine) for _ in range(2)] == [two, two]
    assert [rounds.go_on(round_id, each, **mine) for each in (two, three)] == [three, one]
    assert rounds.postpone(round_id, one, **mine) == one
