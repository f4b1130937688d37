"""The Phone Call button: numbers and guardrails, a call that runs, and the form it ends in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.calling import NUMBER, Phones, a_talk, an_event, hours, live, someone
from tests.factories import a_debtor
from tests.web.conftest import Browser
from wiseops.domain.calls import CallFailed
from wiseops.extensions import db
from wiseops.models import Activity, Call, Disposition, Task, User
from wiseops.services import contacts, tasks, webhooks
from wiseops.services.transaction import transaction
from wiseops.web.clock import now, today


@pytest.fixture
def phones(app: Flask) -> Phones:
    live()
    app.extensions["caller"] = Phones()
    return app.extensions["caller"]


@pytest.fixture
def account(phones: Phones) -> int:
    account = a_debtor(email="", phone=NUMBER, country="DK")
    hours(always=True)
    return account


def give_phone() -> None:
    with transaction():
        db.session.execute(update(User).values(phone="+4530123456"))


def token(text: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', text)[1]


def tell(events: list) -> None:
    webhooks.store(events, now=now())
    webhooks.work(now())


def test_a_call_runs_and_ends_in_the_form_filled_in(collector: Browser, account: int, phones: Phones):
    give_phone()
    task = tasks.create(account, kind="call", note="Call", due_on=today() + timedelta(days=3), now=now())
    shown = collector.fragment(f"/accounts/{account}/calls/new").text
    assert "Call" in shown
    typed = {"token": token(shown), "contact_id": "1"}

    panels = [collector.fragment(f"/accounts/{account}/calls", method="POST", data=typed).text for _ in range(2)]

    assert "Ringing your phone" in panels[0]
    assert panels[0] == panels[1]
    assert len(phones.rung) == 1
    ref = db.session.scalars(select(Call.ref)).one()
    asked = f"/accounts/{account}/calls/1/live"
    tell([an_event(ref, "collector", "answered")])
    assert "Ringing Mette Lund" in collector.fragment(asked).text
    tell([an_event(ref, "debtor", "answered", timestamp=(now() - timedelta(seconds=42)).isoformat())])
    talking = collector.fragment(asked)
    assert re.search(r"Connected.*0:4[2-9]", talking.text, re.DOTALL)
    assert "every 2s" in talking.text
    assert "HX-Trigger" not in talking.headers
    tell(a_talk(ref))
    over = collector.fragment(asked)
    assert over.headers["HX-Trigger"] == "call-ended"
    assert "every 2s" not in over.text

    form = collector.fragment(f"/accounts/{account}/calls/1").text
    spoke = db.session.scalars(select(Disposition.id).where(Disposition.name == "Spoke to Customer")).one()
    assert 'name="call_id" type="hidden" value="1"' in form
    assert re.search(rf'<input checked[^>]*name="disposition_id"[^>]*value="{spoke}"', form)
    assert re.search(rf'<input checked[^>]*name="finishes"[^>]*value="{task}"', form)
    typed = {"token": "n", "kind": "call", "call_id": "1", "assignee_id": ""}
    typed |= {"disposition_id": str(spoke), "notes": "Will pay on Friday", "finishes": str(task), "contact_id": "1"}
    contacts.remove(1, now=now(), by_id=None)
    noted = collector.fragment(f"/accounts/{account}/activities?kind=call", method="POST", data=typed)

    assert noted.status_code == 200
    db.session.rollback()
    activity = db.session.scalars(select(Activity)).one()
    assert (activity.number, activity.duration, activity.contact_id) == (NUMBER, 42, None)
    assert db.session.get_one(Task, task).status == "done"
    history = collector.fragment(f"/accounts/{account}/history?kind=call").text
    assert "0:42" in history


def test_the_number_that_is_shown_is_the_one_that_is_called(collector: Browser, account: int, phones: Phones):
    give_phone()
    form = collector.fragment(f"/accounts/{account}/calls/new").text
    typed = {"token": token(form), "contact_id": "1", "shown": re.search(r'name="shown" value="([^"]+)"', form)[1]}
    contacts.put_default(account, email="", phone="20 99 99 99", now=now())

    refused = collector.fragment(f"/accounts/{account}/calls", method="POST", data=typed)

    assert refused.status_code == 422
    assert "It became +45 20 99 99 99 meanwhile" in refused.text
    assert 'name="shown" value="+4520999999"' in refused.text
    assert phones.rung == []


def test_our_own_phone_that_was_busy_leads_back_to_the_numbers(collector: Browser, account: int):
    give_phone()
    typed = {"token": "t", "contact_id": "1"}
    collector.fragment(f"/accounts/{account}/calls", method="POST", data=typed)
    tell([an_event(db.session.scalars(select(Call.ref)).one(), "collector", "busy")])

    text = collector.fragment(f"/accounts/{account}/calls/1").text

    assert "Your phone was busy" in text
    assert "autofocus" not in text  # Whoever types notes at this moment must not start a call with a space.
    assert "tel:+4520123456" in text


@pytest.mark.parametrize(
    ("unclear", "words"), [(False, "No call was started. Vonage said so."), (True, "your phone may ring")]
)
def test_what_the_provider_answers_is_said(collector: Browser, account: int, phones: Phones, unclear: bool, words: str):
    give_phone()
    phones.fails = CallFailed("Vonage said so.", unclear=unclear)

    text = collector.fragment(f"/accounts/{account}/calls", method="POST", data={"token": "t", "contact_id": "1"}).text

    assert words in text
    assert ("every 2s" in text) is unclear


def test_outside_the_hours_the_page_says_when_and_a_manager_may_go_past(manager: Browser, account: int, phones: Phones):
    give_phone()
    hours(always=False)
    shown = manager.fragment(f"/accounts/{account}/calls/new").text
    assert "They may be called from" in shown
    assert "Override and call" in shown
    typed = {"token": token(shown), "contact_id": "1"}

    refused = manager.fragment(f"/accounts/{account}/calls", method="POST", data=typed)
    called = manager.fragment(f"/accounts/{account}/calls", method="POST", data=typed | {"reason": "Asked for it"})

    assert (refused.status_code, called.status_code, len(phones.rung)) == (422, 200, 1)


def test_a_call_is_hung_up_here_by_who_makes_it(collector: Browser, account: int, phones: Phones):
    give_phone()
    shown = collector.fragment(f"/accounts/{account}/calls", method="POST", data={"token": "t", "contact_id": "1"}).text
    assert "Hang up" in shown
    end = f"/accounts/{account}/calls/1/end"

    assert collector.fragment(end, method="POST").status_code == 200
    phones.fails = CallFailed("Vonage could not be reached.")
    refused = collector.fragment(end, method="POST")
    bo = someone(name="Bo").id
    with transaction():
        db.session.get_one(Call, 1).by_id = bo
    other = collector.fragment(end, method="POST")

    assert phones.ended == [f"leg-{db.session.scalars(select(Call.ref)).one()}"]
    assert (refused.status_code, other.status_code) == (422, 422)
    assert "Vonage could not be reached. Hang up at your phone." in refused.text
    assert "Only who makes the call" in other.text


def test_a_collector_is_not_offered_to_go_past(collector: Browser, account: int):
    give_phone()
    hours(always=False)

    assert "Override and call" not in collector.fragment(f"/accounts/{account}/calls/new").text


def test_without_a_phone_of_ones_own_the_profile_is_named(collector: Browser, account: int):
    text = collector.fragment(f"/accounts/{account}/calls/new").text
    assert "set your own phone first" in text
    profile = {"name": "Kim", "locale": "en", "phone": "30 12 34"}

    assert "not a valid phone number" in collector.post("/settings/profile", data=profile).text
    collector.post("/settings/profile", data=profile | {"phone": "30 12 34 56"})

    assert "set your own phone first" not in collector.fragment(f"/accounts/{account}/calls/new").text


def test_a_call_left_unnoted_is_offered_again(collector: Browser, account: int):
    give_phone()
    collector.fragment(f"/accounts/{account}/calls", method="POST", data={"token": "t", "contact_id": "1"})
    assert 'hx-trigger="every 2s' in collector.fragment(f"/accounts/{account}/calls/new").text
    tell(a_talk(db.session.scalars(select(Call.ref)).one()))

    assert "Not noted yet" in collector.fragment(f"/accounts/{account}/calls/new").text
    assert "Call ended" in collector.get(f"/accounts/{account}/calls/1").text


def test_where_people_dial_themselves_the_form_is_there_with_the_hours(collector: Browser, app: Flask):
    account = a_debtor(email="", phone=NUMBER, country="DK")
    hours(always=False)

    text = collector.fragment(f"/accounts/{account}/calls/new").text

    assert 'href="tel:+4520123456"' in text
    assert "How did it go?" in text
    assert "They may be called from" in text
