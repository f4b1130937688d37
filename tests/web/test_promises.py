"""The Promise to Pay tab and its form."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import a_debtor, an_entry
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Promise, PromiseItem
from wiseops.web.clock import now, today


def a_late_debtor(*owed: str) -> int:
    """Owes each of these since ten days."""
    due = today() - timedelta(days=10)
    account = a_debtor(owed[0], due=due, number="A-1", now=now())
    for place, more in enumerate(owed[1:], 2):
        an_entry(account, more, on=due, due_on=due, number=f"A-{place}", now=now())
    return account


def the_form(browser: Browser, account: int, asked: str = "", **typed: object) -> dict[str, object]:
    """What the form sends as it is shown, with what is typed over it."""
    text = browser.fragment(f"/accounts/{account}/promises/new{asked}").text
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", text)]
    shown = {tag["name"]: tag.get("value", "") for tag in inputs if tag["type"] not in ("radio", "checkbox")}
    return shown | {"assignee": "", "over": "balance", "due_on_0": (today() + timedelta(days=5)).isoformat()} | typed


def the_promises(account: int) -> list[Promise]:
    return list(db.session.scalars(select(Promise).where(Promise.account_id == account).order_by(Promise.id)))


def test_it_is_noted_in_place_and_the_page_is_told(collector: Browser):
    account = a_late_debtor("1250.00 DKK")
    form = the_form(collector, account, notes="Salary on the 30th")
    assert form["amount_0_DKK"] == "1,250.00"

    answer = collector.fragment(f"/accounts/{account}/promises", method="POST", data=form)
    collector.fragment(f"/accounts/{account}/promises", method="POST", data=form)

    other = collector.fragment(f"/accounts/{account}/promises", method="POST", data=form | {"amount_0_DKK": "900"})
    assert other.status_code == 422
    assert "saved before, with 1250.00 DKK for" in other.text
    assert 'value="900"' in other.text
    assert answer.status_code == 200
    assert "promises-changed" in answer.headers["HX-Trigger"]
    (promise,) = the_promises(account)
    assert (promise.amount, promise.over_items, promise.notes) == (125000, False, "Salary on the 30th")
    assert "Salary on the 30th" in collector.get(f"/accounts/{account}/promises").text
    assert "Promised" in collector.get(f"/accounts/{account}/rail").text
    assert "Collectable" in collector.get(f"/accounts/{account}/header").text
    assert "Promised: 1,250.00 DKK for" in collector.get(f"/accounts/{account}/collections").text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"amount_0_DKK": "1,250.01"}, "amount_0_DKK", "At most 1250.00 DKK"),
        ({"amount_0_DKK": "0"}, "amount_0_DKK", "more than nothing"),
        ({"amount_0_DKK": "12,50.1"}, "amount_0_DKK", "not an amount"),
        ({"due_on_0": -1}, "due_on_0", "past"),
        ({"due_on_0": 31}, "due_on_0", "At most 30 days"),
        ({"due_on_0": ""}, "due_on_0", "required"),
    ],
)
def test_what_cannot_be_promised_is_said_on_its_field(collector: Browser, typed: dict, field: str, words: str):
    account = a_late_debtor("1250.00 DKK")
    if isinstance(ahead := typed.get("due_on_0"), int):
        typed = typed | {"due_on_0": (today() + timedelta(days=ahead)).isoformat()}

    data = the_form(collector, account, notes="Kept as typed", **typed)
    answer = collector.fragment(f"/accounts/{account}/promises", method="POST", data=data)

    assert answer.status_code == 422
    error = answer.text.split(f'id="{field}-errors">')[1].split("</p>")[0]
    assert words in error
    assert "Kept as typed" in answer.text
    assert f'value="{data[field]}"' in answer.text
    assert the_promises(account) == []


def test_what_changed_while_the_form_was_open_is_said(collector: Browser):
    account = a_late_debtor("1000.00 DKK", "200.00 DKK")
    form = the_form(collector, account, "?over=items&items=1&items=2", over="items", items=["1", "2"])
    an_entry(account, "1000.00 DKK", kind="payment", on=today(), now=now())

    answer = collector.post(f"/accounts/{account}/promises", data=form)

    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text


def test_the_second_person_is_told_who_was_first(collector: Browser):
    account = a_late_debtor("1250.00 DKK")
    first, second = (the_form(collector, account) for _ in range(2))
    collector.post(f"/accounts/{account}/promises", data=first)

    answer = collector.post(f"/accounts/{account}/promises", data=second)

    assert answer.status_code == 422
    assert re.search(r"Kim Lund took a promise of 1250.00 DKK for .* at \d\d:\d\d", answer.text)
    assert len(the_promises(account)) == 1


def test_chosen_invoices_and_instalments_are_proposed_and_can_be_changed(collector: Browser):
    account = a_late_debtor("1000.00 DKK", "200.00 DKK", "50.00 EUR")
    chosen = "?over=items&items=2&count=3&every=10&rows=1"
    form = the_form(collector, account, chosen, over="items", items=["2"])
    assert [form[f"amount_{n}_DKK"] for n in range(3)] == ["66.66", "66.66", "66.68"]
    assert form["due_on_1"] == (today() + timedelta(days=20)).isoformat()

    collector.post(f"/accounts/{account}/promises", data=form | {"amount_2_DKK": "60.00"})

    (promise,) = the_promises(account)
    assert (promise.amount, promise.currency) == (6666 * 2 + 6000, "DKK")
    assert db.session.scalars(select(PromiseItem.entry_id)).all() == [2]


def test_a_proposal_holds_more_than_an_address_could(collector: Browser):
    account = a_late_debtor("1000.00 DKK", "200.00 DKK")
    new = f"/accounts/{account}/promises/new"
    typed = {"over": "items", "items": ["2"], "count": "1", "every": "7", "notes": "Ω" * 2000}

    answer = collector.fragment(new, method="POST", data=typed)

    assert answer.status_code == 200
    assert f'hx-post="{new}" hx-include="closest form"' in answer.text
    assert 'value="200.00"' in answer.text
    assert "Ω" * 2000 in answer.text
    assert the_promises(account) == []


def test_one_form_makes_a_promise_in_each_currency(collector: Browser):
    account = a_late_debtor("1000.00 DKK", "50.00 EUR")
    form = the_form(collector, account)
    assert [collector.post(f"/accounts/{account}/promises", data=form).status_code for _ in range(2)] == [303, 303]
    assert [(p.currency, p.amount) for p in the_promises(account)] == [("DKK", 100000), ("EUR", 5000)]
    assert "Nothing more can be promised" in collector.fragment(f"/accounts/{account}/promises/new").text


def test_one_is_replaced_and_cancelled_with_a_reason(collector: Browser):
    account = a_late_debtor("1000.00 DKK")
    here = f"/accounts/{account}/promises"
    collector.post(here, data=the_form(collector, account))

    form = the_form(collector, account, "?replaces=1", amount_0_DKK="900.00")
    assert collector.post(here, data=form).status_code == 422
    collector.post(here, data=form | {"reason": "Less is possible"})
    assert [p.status for p in the_promises(account)] == ["replaced", "open"]

    assert collector.post(f"{here}/2/cancellation", data={"reason": ""}).status_code == 422
    assert collector.fragment(f"{here}/2/cancellation", method="POST", data={"reason": "Misheard"}).status_code == 200
    assert [p.status for p in the_promises(account)] == ["replaced", "cancelled"]
    assert "Misheard" in collector.get(here).text


def test_a_promise_of_another_account_is_not_found(collector: Browser):
    account, other = a_late_debtor("1000.00 DKK"), a_late_debtor("1000.00 DKK")
    collector.post(f"/accounts/{account}/promises", data=the_form(collector, account))
    assert collector.post(f"/accounts/{other}/promises/1/cancellation", data={"reason": "x"}).status_code == 404
    assert collector.get(f"/accounts/{other}/promises/new?replaces=1").status_code == 404
