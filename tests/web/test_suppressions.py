"""The list of addresses that must not be used, and what an account says about its own."""

from tests.factories import NOW, a_contact, an_account
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Suppression
from wiseops.queries import suppressions as known
from wiseops.services import suppressions

NUMBER = "+4520123456"


def test_a_manager_adds_finds_and_lifts(manager: Browser):
    account = an_account(name="Bjørn & Datter")
    a_contact(account, phone="20 12 34 56")
    form = {"channel": "sms", "address": "20 12 34 56", "reason": "opted_out", "note": "Said so on the phone"}

    refused = manager.post("/settings/suppressions", data=form | {"address": "12"})
    assert (refused.status_code, "not a phone number" in refused.text) == (422, True)
    assert manager.post("/settings/suppressions", data=form).status_code == 303

    assert NUMBER in manager.fragment("/settings/suppressions?q=20 12 34").text
    assert NUMBER not in manager.get("/settings/suppressions?q=999").text
    assert NUMBER in manager.get("/settings/suppressions/export.csv", buffered=True).text
    assert (
        f"{NUMBER} must not be used for SMS: They asked not to be written to."
        in manager.get(f"/accounts/{account}").text
    )
    key = db.session.query(Suppression.id).scalar()
    assert "Bjørn &amp; Datter" in manager.get(f"/settings/suppressions/{key}").text
    assert manager.post(f"/settings/suppressions/{key}/lifting", data={"note": ""}).status_code == 422
    assert manager.post(f"/settings/suppressions/{key}/lifting", data={"note": "Asked for it"}).status_code == 303
    assert known.standing("sms", [NUMBER]) == {}
    assert "Asked for it" in manager.get("/settings/suppressions?view=lifted").text
    assert "must not be used" not in manager.get(f"/accounts/{account}").text


def test_the_list_is_not_for_collectors(collector: Browser):
    suppressions.add("sms", NUMBER, reason="opted_out", source="reply", now=NOW)

    assert collector.get("/settings/suppressions").status_code == 403
