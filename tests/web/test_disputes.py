"""The Disputes tab, its forms, and what the rest of the account page says of them."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

from sqlalchemy import select

from tests.factories import a_debtor, an_entry
from tests.web.conftest import Browser
from wiseops.domain.disputes import Status
from wiseops.extensions import db
from wiseops.models import Dispute, Entry
from wiseops.services import disputes
from wiseops.web.clock import now, today

PROOF = b"%PDF-1.4 proof" + bytes(5_000_000)
"""Larger than what other forms may send."""


def a_late_debtor() -> int:
    """Owes 1,250.00 DKK since ten days, on entry 1."""
    return a_debtor("1250.00 DKK", due=today() - timedelta(days=10), number="A-1", now=now())


def typed(**more: object) -> dict[str, object]:
    due_on = (today() + timedelta(days=9)).isoformat()
    return {"token": "t", "entry": "1", "ground": "not_as_agreed", "due_on": due_on, "owner": "", "amount": ""} | more


def the_disputes() -> list[Dispute]:
    return list(db.session.scalars(select(Dispute).order_by(Dispute.id)))


def test_it_is_noted_in_place_with_its_evidence_and_every_part_of_the_page_says_so(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    assert "A-1" in collector.fragment(f"{here}/new?entry=1").text

    for _ in range(2):
        proof = (io.BytesIO(PROOF), "delivery.pdf")
        data = typed(amount="400.00", notes="Half of it was broken", files=proof)
        answer = collector.fragment(here, method="POST", data=data)

    assert answer.status_code == 200
    assert "disputes-changed" in answer.headers["HX-Trigger"]
    (dispute,) = the_disputes()
    assert (dispute.amount, dispute.is_whole, dispute.notes) == (40_000, False, "Half of it was broken")
    page = collector.get(here).text
    assert "delivery.pdf" in page
    assert "to be decided by" in page
    assert collector.get(f"{here}/1/files/1").data == PROOF
    for page in ("ledger", "statement"):
        assert "400.00 disputed" in collector.get(f"/accounts/{account}/{page}").text
    assert collector.get(f"/accounts/{account}/statement.pdf").data.startswith(b"%PDF")
    assert "850.00" in collector.get(f"/accounts/{account}/header").text
    assert "of A-1 is disputed: it rests" in collector.get(f"/accounts/{account}/rail").text
    assert "Disputed: 400.00 DKK of A-1 (not as agreed)" in collector.get(f"/accounts/{account}/collections").text


WRONG: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"amount": "1,250.01"}, "amount", "At most 1250.00 DKK"),
    ({"amount": "0"}, "amount", "more than nothing"),
    ({"amount": "-5"}, "amount", "more than nothing"),
    ({"amount": "5 EUR"}, "amount", "not an amount"),
    ({"due_on": "2020-01-01"}, "due_on", "past"),
    ({"ground": ""}, "ground", "Choose why"),
)


def test_what_cannot_be_disputed_is_said_on_its_field(collector: Browser):
    account = a_late_debtor()
    for wrong, field, words in WRONG:
        data = typed(notes="Kept as typed", **wrong)
        answer = collector.fragment(f"/accounts/{account}/disputes", method="POST", data=data)
        assert answer.status_code == 422
        assert words in answer.text.split(f'id="{field}-errors">')[1].split("</p>")[0]
        assert "Kept as typed" in answer.text
    assert the_disputes() == []


def test_what_is_settled_or_disputed_already_is_said_on_the_amount(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    collector.post(here, data=typed())
    second = collector.fragment(here, method="POST", data=typed(token="u"))
    assert (second.status_code, "Kim Lund noted a dispute of 1250.00 DKK" in second.text) == (422, True)

    an_entry(account, "1250.00 DKK", kind="payment", on=today(), now=now())
    late = collector.fragment(here, method="POST", data=typed(token="v"))
    assert (late.status_code, "Nothing of it is open any more" in late.text) == (422, True)
    assert the_disputes()[0].status == "settled"


def test_it_is_changed_decided_and_credited_from_the_page(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    collector.post(here, data=typed())
    collector.post(f"{here}/1", data=typed(token="u", amount="250.00"))
    assert collector.post(f"{here}/1/decision", data={"verdict": "rejected"}).status_code == 422
    split = collector.fragment(f"{here}/1/decision", method="POST", data={"verdict": "split", "amount": "250.00"})
    assert (split.status_code, "Uphold it as a whole" in split.text) == (422, True)
    collector.post(f"{here}/1/decision", data={"verdict": "split", "amount": "50.00"})
    assert "Credit note" in collector.get(here).text

    form = collector.get(f"/accounts/{account}/ledger/new?kind=credit_note&dispute=1").text
    assert 'value="50.00"' in form
    assert '<option selected value="A-1">' in form
    an_entry(account, "50.00 DKK", kind="credit_note", on=today(), now=now(), allocate_to="A-1")
    assert (the_disputes()[0].status, db.session.get_one(Entry, 1).open) == ("credited", 120_000)


def test_withdrawing_what_was_undecided_on_the_form_is_refused_once_somebody_upheld_it(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    collector.post(here, data=typed())
    (seen,) = re.findall(r'name="seen"[^>]*value="(\w+)"', collector.get(f"{here}/1/decision").text)
    collector.post(f"{here}/1/decision", data={"verdict": "upheld", "seen": seen})

    withdrawn = {"verdict": "withdrawn", "note": "A mistake", "seen": seen}
    late = collector.fragment(f"{here}/1/decision", method="POST", data=withdrawn)
    assert (late.status_code, "Kim Lund decided it already" in late.text) == (422, True)
    assert the_disputes()[0].status == "upheld"
    assert collector.post(f"{here}/1/decision", data=withdrawn | {"seen": "upheld"}).status_code < 400
    assert the_disputes()[0].status == "withdrawn"


def test_what_a_colleague_changed_meanwhile_is_kept_or_asked_about(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    collector.post(here, data=typed(amount="400.00"))
    form = collector.get(f"{here}/1").text
    (seen,) = map(html.unescape, re.findall(r'name="seen"[^>]*value="([^"]*)"', form))
    collector.post(f"{here}/1", data=typed(token="u", amount="250.00"))

    for _ in range(2):
        proof = (io.BytesIO(b"%PDF-1.4 proof"), "once.pdf")
        more = typed(token="v", amount="400.00", notes="Two are broken", seen=seen, files=proof)
        collector.post(f"{here}/1", data=more)
    (dispute,) = the_disputes()
    assert (dispute.amount, dispute.notes) == (25_000, "Two are broken")
    assert collector.get(here).text.count("once.pdf") == 1

    mine = typed(token="w", amount="300.00", notes="Two are broken", seen=seen)
    asked = collector.fragment(f"{here}/1", method="POST", data=mine)
    assert (asked.status_code, "It became" in asked.text) == (422, True)


def test_one_corrected_after_its_answer_was_lost_is_asked_about_and_not_dropped(collector: Browser):
    account = a_late_debtor()
    here = f"/accounts/{account}/disputes"
    for path, token, first, corrected in ((here, "t", "100.00", "150.00"), (f"{here}/1", "u", "200.00", "250.00")):
        for _ in range(2):
            same = collector.post(path, data=typed(token=token, amount=first))
            assert same.status_code == 303
        again = collector.fragment(path, method="POST", data=typed(token=token, amount=corrected))
        assert (again.status_code, f"saved before, with a dispute of {first} DKK" in again.text) == (422, True)
        assert re.search(r'name="token"[^>]*value="([^"]+)"', again.text)[1] != token  # type: ignore[index]
        assert f'value="{corrected}"' in again.text


def test_one_of_another_account_is_not_found(collector: Browser):
    account, other = a_late_debtor(), a_late_debtor()
    claim = disputes.Claim(None, "other", today())
    disputes.open(account, 1, claim, now=now(), by_id=None)
    ruling = {"verdict": str(Status.WITHDRAWN), "note": "x"}
    assert collector.post(f"/accounts/{other}/disputes/1/decision", data=ruling).status_code == 404
    assert collector.post(f"/accounts/{other}/disputes", data=typed()).status_code == 404
