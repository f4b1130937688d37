"""The ledger tab."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import a_payment, a_user, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Allocation, Entry
from wiseops.web.clock import today


def a_form(browser: Browser, path: str, **typed: str) -> dict[str, str]:
    """What the form at `path` sends, its token included."""
    token = re.search(r'name="token"[^>]*value="([^"]+)"', browser.get(path).text)
    assert token is not None
    return {"token": token[1], "currency": "DKK", "issued_on": today().isoformat(), "allocate_to": ""} | typed


def the_entries(account: int) -> list[Entry]:
    return list(db.session.scalars(select(Entry).where(Entry.account_id == account).order_by(Entry.id)))


def test_a_payment_is_recorded_for_the_invoice_that_was_chosen(collector: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK", number="1")
    an_entry(account, "50.00 DKK", number="2")
    new = f"/accounts/{account}/ledger/new?kind=payment"

    answer = collector.post(new, data=a_form(collector, new, amount="50.00", allocate_to="2"))

    assert answer.status_code == 303
    assert [entry.open for entry in the_entries(account)] == [10000, 0, 0]


@pytest.mark.parametrize("kind", ["payment", "credit_note", "charge", "fee", "refund", "invoice", "write_off"])
def test_the_same_form_sent_twice_makes_one_entry(manager: Browser, kind: str):
    account = an_account()
    new = f"/accounts/{account}/ledger/new?kind={kind}"
    form = a_form(manager, new, amount="1,250.00")

    manager.post(new, data=form)
    manager.post(new, data=form)

    (entry,) = the_entries(account)
    assert (entry.kind, abs(entry.amount)) == (kind, 125000)


def test_only_managers_write_off(collector: Browser):
    account = an_account()
    new = f"/accounts/{account}/ledger/new?kind=write_off"

    assert collector.get(new).status_code == 403
    assert collector.post(new, data={"amount": "1"}).status_code == 403
    assert "Write-off" not in collector.get(f"/accounts/{account}/ledger").text
    written_off = an_entry(account, "1.00 DKK", kind="write_off")
    reversal = f"/accounts/{account}/ledger/{written_off}/reversal"
    assert collector.post(reversal, data={"on": today().isoformat()}).status_code == 403
    assert collector.get(f"/accounts/{account}/ledger/new?kind=gift").status_code == 404


@pytest.mark.parametrize("kind", ["invoice", "charge", "refund"])
def test_only_managers_take_a_debt_back(collector: Browser, kind: str):
    account = an_account()
    debit = an_entry(account, "100.00 DKK", kind=kind)
    path = f"/accounts/{account}/ledger/{debit}"

    assert collector.post(f"{path}/reversal", data={"on": today().isoformat()}).status_code == 403
    assert f"{path}/reversal" not in collector.get(path).text
    assert [entry.open for entry in the_entries(account)] == [10000]

    collector.sign_in(a_user("manager"))
    assert f"{path}/reversal" in collector.get(path).text
    assert collector.post(f"{path}/reversal", data={"on": today().isoformat()}).status_code == 303


def test_a_collector_takes_back_a_payment_recorded_wrongly(collector: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK")
    path = f"/accounts/{account}/ledger/{a_payment(account, '100.00 DKK')}"

    assert f"{path}/reversal" in collector.get(path).text
    assert collector.post(f"{path}/reversal", data={"on": today().isoformat()}).status_code == 303
    assert the_entries(account)[0].open == 10000


def test_only_managers_adjust_downwards(collector: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK")
    new = f"/accounts/{account}/ledger/new?kind=adjustment"

    refused = collector.post(new, data=a_form(collector, new, amount="-10.00", note="They returned it"))
    assert refused.status_code == 422
    assert "Only a manager adjusts a debt downwards." in refused.text.split('id="amount-errors">')[1].split("</p>")[0]
    assert ('value="-10.00"' in refused.text, 'value="They returned it"' in refused.text) == (True, True)
    assert collector.post(new, data=a_form(collector, new, amount="5.00")).status_code == 303
    collector.sign_in(a_user("manager"))
    assert collector.post(new, data=a_form(collector, new, amount="-10.00")).status_code == 303
    assert [entry.amount for entry in the_entries(account)] == [10000, 500, -1000]


def test_what_was_refused_is_said_in_place(collector: Browser):
    account = an_account()
    new = f"/accounts/{account}/ledger/new?kind=payment"

    answer = collector.open(new, method="POST", data={"amount": "1.2.3"}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert answer.text.strip().startswith('<section id="ledger-form"')
    assert 'id="amount-errors"' in answer.text


def test_the_ledger_shows_a_running_balance_and_only_what_is_open_if_asked(collector: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK", number="A-1")
    a_payment(account, "100.00 DKK", number="P-1")
    an_entry(account, "7.00 EUR", number="E-1")
    an_entry(account, "30.00 DKK", number="A-2")

    every = collector.get(f"/accounts/{account}/ledger").text
    still_open = collector.get(f"/accounts/{account}/ledger?open=1").text
    euros = collector.get(f"/accounts/{account}/ledger?currency=EUR").text

    assert "A-1" in every
    assert "E-1" not in every
    assert "A-1" not in still_open
    assert "A-2" in still_open
    assert "E-1" in euros


def test_an_entry_is_corrected_and_reversed_on_its_page(manager: Browser):
    account = an_account()
    invoice = an_entry(account, "100.00 DKK", number="A-1")
    page = f"/accounts/{account}/ledger/{invoice}"

    assert manager.post(page, data={"due_on": "2027-01-31", "disputed": "100.01"}).status_code == 422
    manager.post(page, data={"due_on": "2027-01-31", "disputed": "40.00", "payment_reference": "71"})
    entry = db.session.get_one(Entry, invoice)
    assert (entry.due_on.isoformat(), entry.disputed, entry.payment_reference) == ("2027-01-31", 4000, "71")

    early = {"on": (entry.issued_on - timedelta(days=1)).isoformat()}
    assert manager.post(f"{page}/reversal", data=early).status_code == 422
    manager.post(f"{page}/reversal", data={"on": today().isoformat()})
    assert db.session.get_one(Entry, invoice).open == 0
    assert "Reversed on" in manager.get(page).text


def test_credit_is_allocated_by_hand_and_the_allocation_undone(collector: Browser):
    account = an_account()
    payment = a_payment(account, "80.00 DKK", allocate_to="unknown")
    invoice = an_entry(account, "100.00 DKK")
    page = f"/accounts/{account}/ledger/{payment}"

    form = {"other_id": str(invoice), "part": "30.00", "token": "t"}
    assert collector.post(f"{page}/allocations", data=form | {"part": "80.01"}).status_code == 422
    collector.post(f"{page}/allocations", data=form)
    collector.post(f"{page}/allocations", data=form)
    assert db.session.get_one(Entry, invoice).open == 7000

    allocation = db.session.scalars(select(Allocation)).one()
    collector.post(f"{page}/allocations/{allocation.id}/undoing")
    assert db.session.get_one(Entry, invoice).open == 10000
    assert collector.post(f"{page}/allocations/99/undoing").status_code == 404

    collector.post(f"{page}/allocations", data={"other_id": str(invoice), "token": "u"})
    assert db.session.get_one(Entry, invoice).open == 2000


def test_an_allocation_corrected_after_its_answer_was_lost_is_asked_about(collector: Browser):
    account = an_account()
    payment = a_payment(account, "80.00 DKK", allocate_to="unknown")
    form = {"other_id": str(an_entry(account, "100.00 DKK")), "part": "30.00", "token": "t"}
    path = f"/accounts/{account}/ledger/{payment}/allocations"
    collector.post(path, data=form)

    again = collector.post(path, data=form | {"part": "40.00"})

    said = again.text.split('id="part-errors">')[1].split("</p>")[0]
    assert (again.status_code, "saved before, with an allocation of 30.00 DKK" in said) == (422, True)
    assert 'name="token" type="hidden" value="t"' not in again.text


def test_all_credit_is_allocated_by_age_at_a_click(collector: Browser):
    account = an_account()
    payment = a_payment(account, "80.00 DKK")
    assert "Allocate credit by age" in collector.get(f"/accounts/{account}/ledger").text

    answer = collector.post(f"/accounts/{account}/ledger/allocations")

    assert answer.status_code == 303
    assert db.session.get_one(Entry, payment).open == -8000


def test_the_statement_lists_what_is_open_and_how_old_it_is(collector: Browser):
    account = an_account(name="Nordlys", street="Havnegade 1")
    an_entry(account, "100.00 DKK", number="A-1", on=today() - timedelta(days=50), due_on=today() - timedelta(days=20))
    a_payment(account, "30.00 DKK", number="P-1")

    text = collector.get(f"/accounts/{account}/statement").text

    for shown in ("Havnegade 1", "A-1", "70.00\u00a0DKK", ">20<"):
        assert shown in text


def test_the_ledger_as_csv_runs_no_formula(collector: Browser):
    account = an_account(number="K-1")
    an_entry(account, "100.00 DKK", number="@A1", note="=1+1")
    a_payment(account, "30.00 DKK", number="+P")

    text = collector.get(f"/accounts/{account}/ledger/export.csv", buffered=True).text

    assert "'@A1" in text
    assert "'=1+1" in text
    assert "'+P" in text
    assert "-30.00,0.00,70.00" in text


def test_an_entry_of_another_account_is_not_found(collector: Browser):
    account, other = an_account(), an_account()
    invoice = an_entry(other, "100.00 DKK")

    for path in ("", "/reversal", "/allocations"):
        assert collector.post(f"/accounts/{account}/ledger/{invoice}{path}", data={}).status_code == 404
