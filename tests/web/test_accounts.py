"""The list of accounts, and opening, changing, blocking one."""

from __future__ import annotations

import html
import re
import secrets
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.events import sent
from tests.factories import NOW, a_contact, a_payment, a_user, an_account, an_entry
from tests.web.conftest import Browser
from tests.web.test_threads import a_reply
from wiseops.extensions import db
from wiseops.models import Account, Activity, Contact, Promise
from wiseops.services.imports import Options, import_accounts
from wiseops.services.transaction import transaction
from wiseops.web.clock import today

NEW = {
    "number": "10",
    "name": "Nordlys ApS",
    "kind": "business",
    "country": "dk",
    "tags": "vip, late",
    "language": "",
    "owner_id": "",
}


def test_an_account_is_opened_found_and_changed(collector: Browser):
    answer = collector.post("/accounts", data=NEW)
    account = db.session.scalars(select(Account)).one()
    assert answer.location == f"/accounts/{account.id}"
    assert "vip" in collector.get(answer.location).text

    collector.post(f"/accounts/{account.id}", data=NEW | {"name": "Nordlys A/S", "tags": ""})
    assert "Nordlys A/S" in collector.get("/accounts").text
    assert 'value="Nordlys A/S"' in collector.get(f"/accounts/{account.id}/edit").text


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("number", "9"), ("country", "QQ"), ("timezone", "Mars")])
def test_what_was_refused_is_said_on_its_field_and_nothing_is_lost(collector: Browser, field: str, value: str):
    an_account(number="9")

    answer = collector.post("/accounts", data=NEW | {"city": "Skagen", field: value})

    assert answer.status_code == 422
    assert f'id="{field}-errors"' in answer.text
    assert "Skagen" in answer.text


def seen(page: str) -> str:
    return html.unescape(re.search(r'name="seen" type="hidden" value="([^"]*)"', page)[1])


def test_an_import_while_the_form_is_open_is_followed_or_said_on_the_field(collector: Browser):
    account = an_account(number="K1", name="Nordlys", city="Skagen")
    typed = NEW | {"number": "K1", "name": "Nordlys A/S", "city": "Skagen", "tags": "", "street": "", "postal_code": ""}
    typed |= {"country": "", "language": "", "timezone": "", "owner_id": ""}
    typed["seen"] = seen(collector.get(f"/accounts/{account}/edit").text)
    import_accounts(b"number,name,city\nK1,Nordlys ApS,Aarhus\n", options=Options(), now=NOW)

    refused = collector.post(f"/accounts/{account}", data=typed)
    collector.post(f"/accounts/{account}", data=typed | {"seen": seen(refused.text), "city": "Aarhus"})

    assert refused.status_code == 422
    assert "It became “Nordlys ApS” meanwhile" in refused.text
    assert 'value="Nordlys A/S"' in refused.text
    assert 'value="Aarhus"' in refused.text
    row = db.session.get_one(Account, account, populate_existing=True)
    assert (row.name, row.city) == ("Nordlys A/S", "Aarhus")


def test_the_one_account_that_matches_is_opened_at_once(collector: Browser):
    account = an_account(name="Nordlys")
    an_account(name="Bo-Hus")

    assert collector.get("/accounts?q=nordl").location == f"/accounts/{account}"
    assert collector.fragment("/accounts?q=nordl").status_code == 200
    assert "No account matches" in collector.get("/accounts?q=zzz").text


def test_the_list_comes_as_a_fragment_and_as_csv(collector: Browser):
    an_entry(an_account(name="=cmd()"), "12.50 DKK")

    fragment = collector.fragment("/accounts?stage=outstanding").text
    csv = collector.get("/accounts/export.csv", buffered=True).text

    assert "<html" not in fragment
    assert 'id="accounts"' in fragment
    assert "'=cmd()" in csv
    assert "DKK,12.50" in csv


def test_a_tab_comes_with_the_page_around_it_or_alone(collector: Browser):
    account = an_account()
    for path in ("", "/ledger", "/collections", "/messages"):
        assert "<html" in collector.get(f"/accounts/{account}{path}").text
        fragment = collector.fragment(f"/accounts/{account}{path}").text
        assert "<html" not in fragment
        assert fragment.strip().startswith('<div id="account-tab"')
    assert collector.get("/accounts/99").status_code == 404


FORMS = ("/edit", "/contacts/new", "/ledger/1", "/ledger/new", "/promises/new", "/disputes/new")


def test_a_form_in_a_tab_is_known_as_a_draft_once_somebody_types(manager: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK")
    a_payment(account, "30.00 DKK", allocate_to="unknown")
    for path in FORMS:
        tab = manager.get(f"/accounts/{account}{path}").text.split('id="account-tab"')[1].split("<aside")[0]
        forms = [form for form in re.findall("<form .*?</form>", tab, re.DOTALL) if 'class="field' in form]
        assert (path, forms != []) == (path, True)
        assert [form for form in forms if not re.match('<form id="[^>]* data-draft', form)] == []


TABS = ("", "/collections", "/messages", "/ledger", "/promises", "/promises/new?over=items", "/contacts/1", "/sms")


def grow(account: int, by_id: int, count: int) -> None:
    """So many more rows of each kind that a tab lists."""
    with transaction():
        for _time in range(count):
            row = Promise(account_id=account, currency="DKK", amount=100, due_on=today(), over_items=False, received=0)
            row.last_entry_id, row.status, row.made_on, row.made_at, row.made_by_id = 0, "broken", today(), NOW, by_id
            note = Activity(account_id=account, kind="note", direction="", notes="x", at=NOW, by_id=by_id)
            db.session.add_all([row, note])
    for _time in range(count):
        an_entry(account, "10.00 DKK")
        a_contact(account, name="Bo", phone="+4520123456")
        sent(account, secrets.token_hex(4), "+4520123456", created_by_id=by_id)
        a_reply(account, f"Hello {secrets.token_hex(4)}")


def test_no_tab_asks_the_database_more_often_for_more_rows(collector: Browser):
    account, by_id = an_account(), a_user(name="Bo").id
    asked: list[str] = []

    def counts() -> dict[str, int]:
        found = {}
        for tab in TABS:
            asked.clear()
            assert collector.fragment(f"/accounts/{account}{tab}").status_code == 200
            found[tab] = len(asked)
        return found

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    grow(account, by_id, 2)
    collector.fragment(f"/accounts/{account}")
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        few = counts()
        grow(account, by_id, 7)
        more = counts()
        assert more | {"/collections": 0} == few | {"/collections": 0}
        assert more["/collections"] <= few["/collections"] + 3  # One for each kind of line that is on the page.
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_what_is_owed_stays_in_sight_on_every_tab(collector: Browser):
    account = an_account()
    an_entry(account, "100.00 DKK", on=today() - timedelta(days=40), due_on=today() - timedelta(days=10))
    a_payment(account, "30.00 EUR")

    for path in ("", "/ledger", "/collections", "/messages"):
        text = collector.get(f"/accounts/{account}{path}").text
        assert "100.00\u00a0DKK" in text
        assert "1–30 days" in text
        assert "In credit" in text


def test_an_account_is_blocked_and_held_with_a_reason_from_its_page(collector: Browser):
    account = an_account()

    collector.post(f"/accounts/{account}/block", data={"reason": ""})
    assert db.session.get_one(Account, account).blocked_at is None
    collector.post(f"/accounts/{account}/block", data={"reason": "Bankrupt"})
    assert "Bankrupt" in collector.get(f"/accounts/{account}").text
    collector.post(f"/accounts/{account}/block/end")
    assert db.session.get_one(Account, account).blocked_at is None

    collector.post(f"/accounts/{account}/hold", data={"until": (today() + timedelta(days=3)).isoformat()})
    assert db.session.get_one(Account, account).hold_until == today() + timedelta(days=3)
    collector.post(f"/accounts/{account}/hold/end")
    assert db.session.get_one(Account, account).hold_until is None


def test_a_hold_that_is_refused_comes_back_filled_in_where_it_was_typed(collector: Browser):
    account = an_account()
    typed = {"until": "2020-01-01", "reason": "She asked for it"}

    refused = collector.fragment(f"/accounts/{account}/hold", method="POST", data=typed)
    unscripted = collector.post(f"/accounts/{account}/hold", data=typed)

    for answer in (refused, unscripted):
        assert answer.status_code == 422
        fold = answer.text.split('<details class="fold" data-stays open>')[1].split("</details>")[0]
        assert "Choose a day after today." in fold.split('id="until-errors">')[1]
        assert 'value="She asked for it"' in fold
    assert refused.text.startswith('<div id="account-rail"')


def test_a_hold_is_told_in_the_rail_and_leaves_one_where_one_was(collector: Browser):
    account = an_account()
    day = (today() + timedelta(days=3)).isoformat()

    held = collector.fragment(f"/accounts/{account}/hold", method="POST", data={"until": day})
    again = collector.fragment(f"/accounts/{account}/block/end", method="POST")

    assert (held.status_code, "Release" in held.text) == (200, True)
    assert "account-changed" in held.headers["HX-Trigger"]
    assert "not blocked by hand" in again.headers["HX-Trigger"]


def test_without_a_script_a_form_that_was_refused_first_ends_on_the_account(collector: Browser):
    here = f"/accounts/{an_account()}"
    assert collector.post(f"{here}/hold", data={"until": "2020-01-01"}).status_code == 422
    then = {"Referer": f"http://localhost{here}/hold"}
    day = (today() + timedelta(days=3)).isoformat()

    answer = collector.post(f"{here}/hold", data={"until": day}, headers=then)

    assert (answer.status_code, answer.location) == (303, here)
    assert collector.get(answer.location).status_code == 200


def test_contacts_are_added_changed_and_removed(collector: Browser):
    account = an_account(country="DK")
    contacts = f"/accounts/{account}/contacts"

    assert collector.post(contacts, data={"email": "nobody"}).status_code == 422
    collector.post(contacts, data={"name": "Bo", "phone": "12", "roles": ["billing"]})
    page = collector.get(f"/accounts/{account}").text
    assert "not a valid phone number" in page
    contact = db.session.scalars(select(Contact)).one()
    collector.post(f"{contacts}/{contact.id}", data={"name": "Bo", "phone": "20123456", "roles": ["legal"]})
    assert "+45 20 12 34 56" in collector.get(f"/accounts/{account}").text
    assert collector.get(f"/accounts/{an_account()}/contacts/{contact.id}").status_code == 404
    collector.post(f"{contacts}/{contact.id}/removal")
    assert db.session.scalars(select(Contact)).all() == []


def test_an_account_that_one_channel_cannot_reach_says_which(collector: Browser):
    mail, number = "No valid e-mail address: no e-mail.", "No valid phone number: no SMS, no call."
    account = an_account()

    def told() -> tuple[bool, bool, bool]:
        page = collector.get(f"/accounts/{account}").text
        return mail in page, number in page, "no reminder can reach" in page

    assert told() == (False, False, True)
    a_contact(account, name="Mette", email="mette@example.com", phone="12")
    assert told() == (False, True, False)
    a_contact(account, name="Bo", phone="+4520123456")
    assert told() == (False, False, False)
    account = an_account()
    a_contact(account, name="Bo", phone="+4520123456")
    assert told() == (True, False, False)


def test_the_statement_is_a_pdf_that_reads_no_markup(collector: Browser):
    account = an_account(name='#panic("x") $1^2$ <b> Ærø')
    an_entry(account, "1250.00 DKK", number="A-1")

    answer = collector.get(f"/accounts/{account}/statement.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_the_statement_s_pdf_shows_how_old_the_debt_is(collector: Browser):
    old, new = an_account(), an_account()
    an_entry(old, "1250.00 DKK", due_on=today() - timedelta(days=91))
    an_entry(new, "1250.00 DKK", due_on=today())

    drawn = [_drawing(collector.get(f"/accounts/{account}/statement.pdf").data) for account in (old, new)]

    red = b"0.7058824 0.13725491 0.1254902"
    assert [red in drawing for drawing in drawn] == [True, False]


def _drawing(pdf: bytes) -> bytes:
    return b"".join(zlib.decompress(part) for part in re.findall(rb"stream\n(x.*?)\nendstream", pdf, re.DOTALL))
