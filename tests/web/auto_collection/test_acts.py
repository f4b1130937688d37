"""Acting from the tabs: who may, count and sum first, what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import a_message, a_user, an_account, an_entry, running
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.services import interventions
from wiseops.web import clock
from wiseops.web.auto_collection import acts
from wiseops.web.auto_collection.act_list import ACTS


def an_overdue(name: str = "Nordlys ApS", owed: str = "100.00 DKK") -> int:
    now = clock.now()
    day = now.date() - timedelta(days=2)
    account = an_account(name=name, now=now)
    an_entry(account, owed, on=day - timedelta(days=30), due_on=day, now=now)
    return account


def row(account_id: int) -> Account:
    db.session.rollback()
    return db.session.get_one(Account, account_id, populate_existing=True)


@pytest.fixture
def three(app) -> list[int]:
    running(now=clock.now())
    return [an_overdue("Nordlys ApS"), an_overdue("Havblik A/S", "40.00 EUR"), an_overdue("Bakke I/S")]


def test_count_and_sum_come_first(manager: Browser, three: list[int]):
    page = manager.get(f"/auto-collection/acts/block?stage=scheduled&id={three[0]}&id={three[1]}").text
    assert "2 accounts" in page
    assert "Havblik A/S, Nordlys ApS" in page
    assert "100.00\u00a0DKK" in page
    assert "40.00\u00a0EUR" in page
    assert row(three[0]).stage == "scheduled"


def test_the_same_to_several(manager: Browser, three: list[int]):
    answer = manager.post("/auto-collection/acts/block", data={"id": three[:2], "reason": "Court"})
    assert answer.status_code == 303
    assert [row(key).stage for key in three] == ["blocked", "blocked", "scheduled"]


def test_all_that_match_and_no_other(manager: Browser, three: list[int]):
    data = {"stage": "scheduled", "all": "1", "q": "nordlys", "reason": "Court"}
    manager.post("/auto-collection/acts/block", data=data)
    assert [row(key).stage for key in three] == ["blocked", "scheduled", "scheduled"]


def test_a_collector_acts_on_one_but_not_on_many(collector: Browser, three: list[int]):
    hold = {"until": (clock.today() + timedelta(days=3)).isoformat()}
    assert collector.post("/auto-collection/acts/hold", data={"id": three[:2], **hold}).status_code == 403
    assert collector.post("/auto-collection/acts/hold", data={"all": "1", **hold}).status_code == 403
    assert all(row(key).hold_until is None for key in three)

    assert collector.post("/auto-collection/acts/hold", data={"id": three[0], **hold}).status_code == 303
    assert row(three[0]).hold_until is not None


def test_what_is_refused_is_told_and_the_rest_is_done(manager: Browser, three: list[int]):
    clear = an_account(name="Owes nothing")
    answer = manager.fragment(
        "/auto-collection/acts/follow-up", method="POST", data={"stage": "scheduled", "id": [three[0], clear]}
    )
    assert "1 account moved to Follow-Up." in answer.text
    assert "No plan is at work on this account." in answer.text
    assert "accounts-changed" in answer.headers["HX-Trigger"]
    assert row(three[0]).stage == "follow_up"


def test_when_nothing_could_be_done_the_form_says_why(manager: Browser):
    clear = an_account(name="Owes nothing")
    answer = manager.post("/auto-collection/acts/engage", data={"id": clear, "plan_id": "1"})
    assert answer.status_code == 422
    assert "Nothing is overdue." in answer.text


def test_a_form_without_what_it_needs_does_nothing(manager: Browser, three: list[int]):
    assert manager.post("/auto-collection/acts/block", data={"id": three[0], "reason": ""}).status_code == 422
    assert row(three[0]).stage == "scheduled"


def test_long_work_goes_on_by_itself(manager: Browser, three: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(acts, "PIECE", 2)
    data = {"stage": "scheduled", "all": "1", "reason": "Court"}
    first = manager.fragment("/auto-collection/acts/block", method="POST", data=data)
    assert "2 of 3 accounts" in first.text
    assert ("Continue" in first.text, "noscript" in first.text) == (True, False), "a busy server strands nobody"
    assert 'hx-trigger="load, submit"' in first.text
    hidden = [part.split('"')[0::2] for part in first.text.split('name="')[1:]]
    carried = {name: value for name, value, *_ in hidden if name != "csrf_token"}

    second = manager.fragment("/auto-collection/acts/block", method="POST", data=carried)

    assert "3 accounts blocked." in second.headers["HX-Trigger"]
    assert {row(key).stage for key in three} == {"blocked"}


@pytest.mark.parametrize("code", [act.code for act in ACTS])
def test_each_act_has_its_form_and_its_verb(manager: Browser, three: list[int], code: str):
    account = three[0]
    if code in ("restart", "plan", "leave", "resume"):
        a_message(account, at=clock.now())
        interventions.take_over(account, now=clock.now(), by_id=None)
    if code == "release":
        manager.post("/auto-collection/acts/hold", data={"id": account, "until": later()})
    if code == "unblock":
        manager.post("/auto-collection/acts/block", data={"id": account, "reason": "Court"})
    stage = row(account).stage
    assert code in [act.code for act in ACTS if stage in act.tabs]
    assert manager.get(f"/auto-collection/acts/{code}?stage={stage}&id={account}").status_code == 200
    owner = a_user("collector").id
    data = {"id": account, "plan_id": "1", "until": later(), "reason": "Asked", "step": "2", "owner_id": owner}
    assert manager.post(f"/auto-collection/acts/{code}", data=data).status_code == 303
    expected = {
        "engage": "scheduled", "restart": "scheduled", "plan": "scheduled", "leave": "follow_up",
        "resume": "outstanding", "hold": "scheduled", "release": "scheduled", "skip": "scheduled",
        "follow-up": "follow_up", "unblock": "scheduled", "assign": "scheduled", "block": "blocked",
    }  # fmt: skip
    assert row(account).stage == expected[code]


def test_one_account_says_every_reason_and_what_can_be_done(collector: Browser, three: list[int]):
    panel = collector.fragment(f"/auto-collection/accounts/{three[0]}").text
    assert "Step 1 comes 3 days after" in panel
    assert "Move to Follow-Up" in panel
    assert "End hold" not in panel


def test_from_the_account_one_comes_back_to_it(collector: Browser, three: list[int]):
    page = collector.get(f"/accounts/{three[0]}").text
    assert f"/auto-collection/acts/skip?stage=scheduled&amp;id={three[0]}&amp;from=account" in page
    form = collector.get(f"/auto-collection/acts/skip?stage=scheduled&id={three[0]}&from=account").text
    assert 'name="from" value="account"' in form
    answer = collector.post("/auto-collection/acts/skip", data={"id": three[0], "from": "account"})
    assert answer.headers["Location"] == f"/accounts/{three[0]}"


def test_what_is_not_there_is_404(manager: Browser):
    assert manager.get("/auto-collection/acts/explode?id=1").status_code == 404
    assert manager.get("/auto-collection/accounts/99").status_code == 404


def later() -> str:
    return (clock.today() + timedelta(days=3)).isoformat()


def test_acts_are_recorded_with_who_did_them(manager: Browser, three: list[int]):
    from wiseops.models import Event

    manager.post("/auto-collection/acts/block", data={"id": three[0], "reason": "Court"})
    events = db.session.scalars(select(Event).where(Event.kind == "account_blocked")).all()
    assert [event.by_id is not None for event in events] == [True]
