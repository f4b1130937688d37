"""The collections tab: quick actions, the activity form, the history; and the messages tab."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select

from tests.factories import NOW, a_contact, a_debtor, a_message, a_payment, a_user, an_account, an_entry, running
from tests.web.conftest import Browser
from tests.web.test_threads import a_reply
from wiseops.extensions import db
from wiseops.models import Activity, Disposition, Event, Reply, Task, User
from wiseops.services import accounts, contacts, entries, events
from wiseops.services.transaction import transaction
from wiseops.web.clock import now, today


def disposition(name: str = "No Answer") -> int:
    return db.session.scalars(select(Disposition.id).where(Disposition.name == name)).one()


def test_what_happened_is_told_in_words(collector: Browser):
    account = an_account()
    an_entry(account, "1250.00 DKK", number="A-1")
    payment = a_payment(account, "50.00 DKK", number="P-1")
    entries.reverse(payment, on=today() + timedelta(days=1), now=NOW, by_id=None)
    accounts.block(account, reason="Bankrupt", review_on=today() + timedelta(days=9), now=now(), by_id=None)
    with transaction():
        events.record("something_new", account_id=account, at=NOW)

    text = collector.get(f"/accounts/{account}/collections").text

    for sentence in (
        "Account opened",
        "Invoice A-1 recorded: 1,250.00 DKK",
        "Payment P-1 reversed: 50.00 DKK",
        "Blocked: Bankrupt",
        "now Blocked",
        "Something new",
    ):
        assert sentence in text


def test_an_account_without_messages_says_so(collector: Browser):
    assert "No messages yet" in collector.get(f"/accounts/{an_account()}/messages").text


def test_a_call_is_logged_in_place_and_others_hear_of_it(collector: Browser):
    account = an_account(country="US", timezone="America/New_York")
    a_contact(account, name="Mette Lund", phone="+4520123456")

    form = collector.fragment(f"/accounts/{account}/activities/new?kind=call").text
    assert 'href="tel:+4520123456"' in form
    assert "Copenhagen" in form  # a Danish number is not in New York

    typed = {
        "token": "t1", "kind": "call", "disposition_id": disposition(), "contact_id": "1",
        "notes": "Rings out <b>", "follow_up_on": (today() + timedelta(days=1)).isoformat(), "assignee_id": "",
    }  # fmt: skip
    for _ in range(2):
        answer = collector.fragment(f"/accounts/{account}/activities", method="POST", data=typed)
        assert answer.status_code == 200
        assert "account-changed" in answer.headers["HX-Trigger"]

    history = collector.fragment(f"/accounts/{account}/history").text
    assert history.count("Call to Mette Lund") == 1
    assert "Rings out &lt;b&gt;" in history
    assert "No Answer" in history
    assert "Follow-up" in collector.fragment(f"/tasks/of/{account}").text
    assert db.session.scalar(select(func.count()).select_from(Task)) == 1
    assert collector.get(f"/accounts/{account}/collections/a1").status_code == 200
    assert collector.get(f"/accounts/{account}/collections/a99").status_code == 404
    assert collector.get(f"/accounts/{an_account()}/collections/a1").status_code == 404


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(collector: Browser):
    account = an_account()
    typed = {"kind": "call", "notes": "å" * 5001, "follow_up_on": "2020-01-01"}

    plain = collector.post(f"/accounts/{account}/activities", data=typed)
    fragment = collector.fragment(f"/accounts/{account}/activities", method="POST", data=typed)

    assert plain.status_code == fragment.status_code == 422
    assert "Say how the call went." in fragment.text
    assert "å" * 5001 in plain.text
    late = typed | {"disposition_id": disposition(), "notes": "x"}
    assert "in the past" in collector.post(f"/accounts/{account}/activities", data=late).text
    long = collector.post(f"/accounts/{account}/activities", data=typed | {"disposition_id": disposition()}).text
    assert 'id="notes-errors"' in long
    assert "maxlength" not in long.split('name="notes"')[1].split(">")[0]  # A browser would cut what is pasted, unsaid.
    kept = collector.post(f"/accounts/{account}/activities", data={"kind": "note", "notes": "x"})
    assert kept.location.endswith(f"/accounts/{account}/collections#h-a1")


def test_a_contact_that_was_removed_is_said_beside_the_numbers_and_a_form_noted_before_becomes_a_new_one(
    collector: Browser,
):
    account = an_account()
    bo, _mette = a_contact(account, name="Bo", phone="+4520123499"), a_contact(account, phone="+4520123456")
    contacts.remove(bo, now=NOW, by_id=None)
    path, typed = f"/accounts/{account}/activities?kind=call", {"kind": "call", "disposition_id": disposition()}

    gone = collector.fragment(path, method="POST", data=typed | {"contact_id": bo})
    collector.fragment(path, method="POST", data=typed | {"token": "t", "notes": "Pays on Friday"})
    other = collector.fragment(path, method="POST", data=typed | {"token": "t", "notes": "Pays on Monday"})

    assert 'id="contact_id-errors">This contact was removed' in gone.text
    assert (gone.status_code, other.status_code) == (422, 422)
    assert "saved before, with “No Answer: Pays on Friday”" in other.text
    token = re.search(r'name="token"[^>]*value="([^"]+)"', other.text)[1]
    again = collector.fragment(path, method="POST", data=typed | {"token": token, "notes": "Pays on Monday"})
    assert again.status_code == 200


def test_a_disposition_proposes_the_day_and_a_chosen_day_stays(collector: Browser):
    path = f"/accounts/{an_account()}/activities/follow-up?disposition_id={disposition('Left Message')}"
    proposed = collector.fragment(path).text
    chosen = collector.fragment(f"{path}&proposed=2030-01-02&follow_up_on=2030-01-03").text

    assert f'name="follow_up_on" type="date" value="{today().year}' in proposed
    assert 'value="2030-01-03"' in chosen


def test_an_open_call_of_the_plan_is_offered_and_done_with_the_call(collector: Browser):
    account = an_account()
    with transaction():
        task = Task(account_id=account, kind="call", step=4, note="", due_on=today(), created_at=NOW)
        db.session.add(task)

    form = collector.fragment(f"/accounts/{account}/activities/new?kind=call").text
    assert "checked" in form.split("Done with this")[1]

    typed = {"kind": "call", "disposition_id": disposition(), "finishes": str(task.id)}
    collector.fragment(f"/accounts/{account}/activities", method="POST", data=typed)

    assert "Call of step 4 done" in collector.get(f"/accounts/{account}/collections").text
    assert "None open." in collector.fragment(f"/tasks/of/{account}").text


@pytest.fixture
def busy(app: Flask) -> int:
    """An account with a line of every source: a call, an SMS sent, one that came in, a payment."""
    running()
    account, ida = a_debtor(number="A-1"), a_user(name="Ida Holm")
    a_message(account, at=NOW)
    a_payment(account, "10.00 DKK", number="P-9")
    with transaction():
        notes = {"account_id": account, "by_id": ida.id}
        ended = {
            "disposition_id": disposition(),
            "contact_name": "Åse Holt",
            "finished": [{"kind": "review", "step": 4}],
        }
        rang = Activity(**notes, **ended, kind="call", direction="in", notes="Åse rang", at=NOW + timedelta(days=1))
        db.session.add(rang)
        db.session.add(Activity(**notes, kind="note", notes="A note", at=NOW + timedelta(days=2)))
        reply = Reply(account_id=account, channel="sms", provider="vonage", provider_id="1", from_address="+4520123456")
        reply.body, reply.received_at = "I paid yesterday", NOW + timedelta(days=3)
        db.session.add(reply)
        told = {"message": 1, "channel": "email", "step": None, "reason": "Their log shows it"}
        events.record("message_sent", account_id=account, at=NOW, by_id=ida.id, **told)
        events.record("step_skipped", account_id=account, at=NOW, by_id=ida.id, step=3)
        events.record("contact_removed", account_id=account, at=NOW, by_id=ida.id, name="Åge")
    return account


NARROWED = (
    ("kind=call", "Åse rang", "A note"),
    ("kind=note", "A note", "Åse rang"),
    ("kind=sms", "I paid yesterday", "Åse rang"),
    ("kind=email", "E-mail", "I paid yesterday"),
    ("kind=payment", "P-9", "A-1"),
    ("kind=ledger", "A-1", "P-9"),
    ("kind=stage", "now Engaged", "P-9"),
    ("direction=in", "I paid yesterday", "A note"),
    ("direction=out", "E-mail", "I paid yesterday"),
    ("by=0", "P-9", "A note"),
    ("by=IDA", "A note", "P-9"),
    ("q=åse", "Åse rang", "A note"),
    ("q=p-9", "P-9", "Åse rang"),
    ("since=2026-03-04&until=2026-03-04", "A note", "Åse rang"),
    ("q=no+answer", "Åse rang", "A note"),
    ("q=call+from+åse+holt", "Åse rang", "A note"),
    ("q=review+done", "Åse rang", "A note"),
    ("q=ida+holm", "A note", "P-9"),
    ("q=recorded", "P-9", "A note"),
    ("q=invoice+a-1+recorded", "A-1", "P-9"),
    ("q=åge", "Contact removed: Åge", "Åse rang"),
    ("q=step+3+skipped", "Step 3 skipped", "Åse rang"),
    ("q=now+engaged", "now Engaged", "P-9"),
    ("q=their+log", "E-mail sent", "P-9"),
    ("q=sms+from", "I paid yesterday", "P-9"),
    ("q=currency", "Nothing fits", "P-9"),
    ("q=reason", "Nothing fits", "E-mail sent"),
    ("q=zebra", "Nothing fits", "P-9"),
    ("kind=email", "E-mail sent", "I paid yesterday"),
    ("kind=sms", "I paid yesterday", "E-mail sent"),
    ("kind=promise", "Nothing fits", "P-9"),
    ("since=nonsense&kind=nonsense&by=x&before=x", "P-9", "Nothing fits"),
)


def test_the_history_is_narrowed(collector: Browser, busy: int):
    ida = db.session.scalars(select(User.id).where(User.name == "Ida Holm")).one()
    for asked, there, gone in NARROWED:
        asked = asked.replace("IDA", str(ida))
        lines = collector.fragment(f"/accounts/{busy}/history?{asked}").text
        assert (asked, there in lines, gone in lines) == (asked, True, False)


def test_the_history_goes_on_where_it_stopped_in_as_many_queries(collector: Browser, busy: int):
    rows = [{"account_id": busy, "kind": "thing_happened", "at": NOW, "facts": {}} for _ in range(120)]
    with transaction():
        db.session.execute(insert(Event), rows)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    seen, counts, address = [], [], f"/accounts/{busy}/history"
    while address:
        before = len(statements)
        text = collector.fragment(address).text
        counts.append(len(statements) - before)
        seen += [part.split('"')[0] for part in text.split('id="h-')[1:]]
        address = (
            text.split('history-more" hx-get="')[1].split('"')[0].replace("&amp;", "&")
            if 'history-more" hx-get' in text
            else ""
        )
    shown = re.findall(r'id="history-shown" name="lines" value="(\d+)"', text)
    again = collector.fragment(f"/accounts/{busy}/history?lines=60").text
    whole = collector.get(f"/accounts/{busy}/collections?shown=1000").text

    assert shown == [str(len(seen))]
    assert 'id="history-shown" name="lines" value="30"' in whole  # `shown` counts the bubbles of the conversation.
    assert [part.split('"')[0] for part in again.split('id="h-')[1:]][:60] == seen[:60]
    assert "lines=60" in again.split('history-more" hx-get="')[1].split('"')[0]
    assert len(seen) == len(set(seen)) > 125
    assert len(counts) == 5
    assert max(counts) <= counts[-1] + 3  # The last page shows fewer sources, and each costs one.


def test_a_note_deals_with_what_was_there_when_its_form_was_opened(collector: Browser):
    account = an_account()
    first = a_reply(account, "Hello")
    form = collector.fragment(f"/accounts/{account}/activities/new").text
    hidden = dict(re.findall(r'name="(token|seen)"[^>]*value="([^"]*)"', form))
    later = a_reply(account, "Wait", at=NOW + timedelta(minutes=1))

    typed = hidden | {"kind": "note", "notes": "x", "handles": "y"}
    collector.post(f"/accounts/{account}/activities", data=typed)

    waits = dict(db.session.execute(select(Reply.id, Reply.handled_at.is_(None))).all())  # type: ignore[arg-type]
    assert waits == {first: False, later: True}
