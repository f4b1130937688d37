"""Calls: asked once, moved on by their legs, a contact once answered or noted."""

import random
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.calling import NUMBER, Phones, a_callable, a_talk, an_event, live, someone
from tests.factories import NOW, TODAY, a_contact
from wiseops.domain.activities import Draft
from wiseops.domain.automation.rules import Rules
from wiseops.domain.calls import CallFailed
from wiseops.domain.errors import Refused, Resent
from wiseops.domain.guardrails.asking import Allowed, Deferred
from wiseops.extensions import db
from wiseops.models import Account, Activity, Call, Disposition, Event, Task, User
from wiseops.queries import reach, snapshots
from wiseops.services import activities, calls, contacts, sending, suppressions, tasks, webhooks

NIGHT = NOW + timedelta(hours=12)


@pytest.fixture
def account(app: Flask) -> int:
    return a_callable()


def begin(account: int, phones: Phones, by: User | None = None, *, token: str = "t", **more: object) -> Call:
    given: dict = {"now": NOW, "by": by or someone()} | more
    return db.session.get_one(Call, calls.begin(account, 1, token=token, caller=phones, **given))


def tell(*events) -> None:
    webhooks.store(events, now=NOW)
    webhooks.work(NOW)
    db.session.expire_all()


def test_our_phone_rings_first_and_the_same_form_calls_once(account: int):
    phones, kim = Phones(), someone()

    first, again = begin(account, phones, kim), begin(account, phones, kim)

    with pytest.raises(Resent, match="a call to Mette Lund"):
        calls.begin(account, 2, token="t", caller=phones, now=NOW, by=kim)
    assert first.id == again.id
    assert phones.rung == [("+4530123456", NUMBER)]
    assert (first.state, first.conversation_uuid) == ("asked", f"CON-{first.ref}")


def test_a_number_that_became_another_meanwhile_is_not_called_unseen(account: int):
    phones, kim = Phones(), someone()
    contacts.put_default(account, email="", phone="20 99 99 99", now=NOW)

    with pytest.raises(Refused, match=r"It became \+45 20 99 99 99 meanwhile"):
        begin(account, phones, kim, shown=NUMBER)
    assert phones.rung == []

    assert begin(account, phones, kim, shown="+4520999999").number == "+4520999999"


@pytest.mark.parametrize(
    ("unclear", "state", "after"), [(False, "failed", "failed"), (True, "unknown", "ringing")], ids=["no", "unclear"]
)
def test_a_refusal_is_kept_in_words_and_what_is_unclear_is_left_to_the_news(
    account: int, unclear: bool, state: str, after: str
):
    phones = Phones(CallFailed("Vonage said so.", unclear=unclear))

    call = begin(account, phones)

    assert (call.state, call.detail, len(phones.rung)) == (state, "Vonage said so.", 1)
    if unclear:
        tell(an_event(call.ref, "collector", "ringing"))
        assert call.state == after


def test_a_talk_told_in_any_order_and_twice_is_the_same_talk(account: int):
    call = begin(account, Phones())
    told = a_talk(call.ref) * 2
    random.Random(7).shuffle(told)

    tell(*told)

    assert (call.state, call.duration, call.answered_at) == ("completed", 42, NOW)
    assert [row.kind for row in db.session.scalars(select(Event).where(Event.kind == "call_placed"))] == ["call_placed"]


def contacted(account: int) -> tuple:
    (snapshot,) = snapshots.load([account], Rules())
    return snapshot.last_contact_on, reach.contacts([account], "Europe/Copenhagen").get(account, ())


def test_a_call_is_a_contact_once_it_is_answered_and_one_still_when_noted(account: int):
    call = begin(account, Phones())
    assert contacted(account) == (None, ())
    rev = db.session.get_one(Account, account).rev

    tell(an_event(call.ref, "debtor", "answered"))

    assert contacted(account) == (TODAY, ((TODAY, "call"),))
    assert db.session.get_one(Account, account).rev > rev
    spoke = db.session.scalars(select(Disposition.id).where(Disposition.name == "Spoke to Customer")).one()
    task = tasks.create(account, kind="call", note="Call", due_on=TODAY, now=NOW)
    tell(an_event(call.ref, "debtor", "completed", duration="42"))
    draft = Draft(disposition_id=spoke, notes="Will pay", finishes=frozenset({task}), call_id=call.id)

    noted = db.session.get_one(Activity, activities.add(account, draft, token="a", now=NOW, by_id=call.by_id))

    assert contacted(account) == (TODAY, ((TODAY, "call"),))
    assert (noted.number, noted.duration, noted.contact_name) == (NUMBER, 42, "Mette Lund")
    assert (call.activity_id, db.session.get_one(Task, task).status) == (noted.id, "done")
    with pytest.raises(Refused, match="before"):
        activities.add(account, draft, token="b", now=NOW, by_id=call.by_id)


def test_guardrails_answer_first(account: int):
    phones = Phones()

    with pytest.raises(Refused, match="may not be called now"):
        begin(account, phones, now=NIGHT)
    with pytest.raises(Refused, match="Only a manager"):
        begin(account, phones, now=NIGHT, reason="He asked me to")
    answer = calls.allowed(account, [NUMBER], now=NIGHT)[NUMBER]
    begin(account, phones, someone("manager"), now=NIGHT, reason="He asked me to")

    assert isinstance(answer, Deferred)
    assert answer.until > NIGHT
    assert len(phones.rung) == 1
    lifted = db.session.scalars(select(Event).where(Event.kind == "guardrail_overridden")).one()
    assert (lifted.facts["channel"], lifted.facts["reason"]) == ("call", "He asked me to")


def test_an_opted_out_number_is_never_called(account: int):
    suppressions.add("call", NUMBER, reason="opted_out", source="hand", now=NOW)
    phones = Phones()

    for reason in ("", "But"):
        with pytest.raises(Refused):
            begin(account, phones, someone("manager"), reason=reason)

    assert phones.rung == []


def test_the_number_and_every_phone_of_the_account_say_where_it_rings(account: int):
    abroad = "+12125550123"

    alone = calls.allowed(account, [NUMBER, abroad], now=NOW)
    a_contact(account, name="Sam", phone=abroad)
    together = calls.allowed(account, [NUMBER, abroad], now=NOW)

    assert [isinstance(alone[each], Allowed) for each in (NUMBER, abroad)] == [True, False]
    assert not any(isinstance(answer, Allowed) for answer in together.values())


def test_one_call_at_a_time_and_who_was_first(account: int):
    phones = Phones()
    kim = someone()
    call = begin(account, phones, kim)

    with pytest.raises(Refused, match="on a call already"):
        begin(account, phones, kim, token="u")
    with pytest.raises(Refused, match="Kim Lund is calling"):
        begin(account, phones, someone(name="Bo"), token="v")
    tell(an_event(call.ref, "collector", "busy"))
    begin(account, phones, kim, token="w")

    assert len(phones.rung) == 2


def test_what_stands_in_the_way_is_said(account: int):
    phones = Phones()
    with pytest.raises(Refused, match="your own phone"):
        begin(account, phones, someone(phone=""))
    sending.stop(reason="Fire", now=NOW, by_id=None)
    with pytest.raises(Refused, match="stopped"):
        begin(account, phones)
    sending.start(now=NOW, by_id=None)
    sending.go_trial(now=NOW, by_id=None)
    with pytest.raises(Refused, match="trial"):
        begin(account, phones)
    live()
    begin(account, phones)

    assert len(phones.rung) == 1


def test_news_of_a_call_that_nobody_made_is_kept_and_changes_nothing(account: int):
    tell(an_event("nobody", "debtor", "answered"))

    assert db.session.scalars(select(Call)).all() == []
