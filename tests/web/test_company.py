"""The company's settings page."""

from __future__ import annotations

import io

import pytest

from tests.factories import a_user, an_account
from tests.pictures import JPEG, PNG, WEBP
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Automation
from wiseops.queries import company

FILLED = {
    "name": "Nordlys Energi A/S",
    "address": "Havnegade 1\n1058 København K",
    "country": "DK",
    "timezone": "Europe/Copenhagen",
    "language": "da",
    "currency": "DKK",
    "currencies": "dkk, eur nok",
    "terms_days": "14",
    "business_days": ["0", "1", "2", "3"],
    "collected_days": "30",
    "promise_longest_days": "30",
    "promise_grace_days": "2",
    "reply_hold_days": "5",
    "credit_allocation": "y",
    "sms_sender": "Nordlys",
    "sms_senders": "us +12025550123\r\n\r\nNO Nordlys NO\r\n",
}


def test_only_admins_set_the_company(manager: Browser):
    assert manager.get("/settings/company").status_code == 403
    assert manager.post("/settings/company", data=FILLED).status_code == 403


def test_what_is_saved_is_shown_again(admin: Browser):
    assert admin.post("/settings/company", data=FILLED).status_code == 303

    row = company.get()
    assert (row.name, row.terms_days, row.business_days) == ("Nordlys Energi A/S", 14, [0, 1, 2, 3])
    assert row.currencies == ["DKK", "EUR", "NOK"]
    assert row.sms_senders == "NO Nordlys NO\nUS +12025550123"
    page = admin.get("/settings/company").text
    assert 'value="Nordlys Energi A/S"' in page
    assert 'value="DKK EUR NOK"' in page


def test_a_change_makes_every_account_due_and_no_change_none(admin: Browser):
    before = db.session.get(Automation, 1).rules_version
    admin.post("/settings/company", data=FILLED)
    admin.post("/settings/company", data=FILLED)
    assert db.session.get(Automation, 1, populate_existing=True).rules_version == before + 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("currencies", "DKK XYZ", "XYZ"),
        ("currencies", "EUR", "among those allowed"),
        ("business_days", [], "at least one day"),
        ("terms_days", "-1", "between 0 and 365"),
        ("promise_longest_days", "0", "between 1 and 365"),
        ("timezone", "Mars/Olympus", "Not a valid choice"),
        ("sms_sender", "Much too long a name", "16"),
        ("sms_sender", "Nørd!", "11 letters"),
        ("sms_senders", "USA +12025550123", "country code"),
        ("sms_senders", "US Nordlys", "only numbers"),
        ("sms_senders", "NO Nørd", "11 letters"),
        ("reply_to", "nobody", "e-mail|email"),
    ],
)
def test_what_makes_no_sense_is_refused_on_its_field(admin: Browser, field: str, value: object, words: str):
    answer = admin.post("/settings/company", data=FILLED | {field: value})
    assert answer.status_code == 422
    error = answer.text.split(f'id="{field}-errors">')[1].split("</p>")[0]
    assert any(word in error for word in words.split("|")), error


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (WEBP, "image/webp"), (JPEG, "image/jpeg")])
def test_a_picture_becomes_the_logo(admin: Browser, content: bytes, kind: str):
    _upload(admin, PNG)
    assert _upload(admin, content).status_code == 303

    logo = admin.get("/logo")
    assert (logo.data, logo.content_type) == (content, kind)
    admin.post("/settings/company/logo/removal")
    assert admin.get("/logo").status_code == 404


def test_the_logo_stands_on_statements_for_whoever_is_signed_in(admin: Browser):
    page = f"/accounts/{an_account()}/statement"
    assert 'src="/logo"' not in admin.get(page).text
    assert b"/Subtype/Image" not in admin.get(page + ".pdf").data

    _upload(admin, PNG)

    collector = admin.sign_in(a_user("collector"))
    assert 'src="/logo"' in collector.get(page).text
    assert b"/Subtype/Image" in collector.get(page + ".pdf").data
    assert collector.get("/logo").data == PNG


@pytest.mark.parametrize("content", [b"", PNG[:-30], b"<svg onload=alert(1)>", b"GIF89a", PNG + b"\0" * 600_000])
def test_anything_else_does_not(admin: Browser, content: bytes):
    assert _upload(admin, content).status_code == 422
    assert company.get().logo_id is None


def _upload(admin: Browser, content: bytes):
    return admin.post("/settings/company/logo", data={"logo": (io.BytesIO(content), "logo.png")})
