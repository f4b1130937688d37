"""Send SMS and Send Email on the collections tab."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.events import sent
from tests.factories import a_contact, a_user, an_entry
from tests.hours import a_debtor_asleep, a_debtor_awake
from tests.outboxes import messages_of, the_message
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Account, Automation, MessageFile, Suppression, TemplateVersion
from wiseops.queries import contacts as people
from wiseops.queries import templates
from wiseops.services import contacts, documents, files, suppressions
from wiseops.services.transaction import transaction
from wiseops.web.clock import now, today

LONG = "Dear customer, please pay. " * 200


def the_form(browser: Browser, account: int, via: str = "sms", **typed: object) -> dict[str, object]:
    """What the form sends, with what is typed over it."""
    text = browser.fragment(f"/accounts/{account}/{via}/new").text
    token = re.search(r'name="token"[^>]*value="([^"]+)"', text)
    chosen = re.search(r'<option selected value="(\d+)">', text)
    assert token is not None
    return {"token": token[1], "to": chosen[1] if chosen else "", "body": "Please call us.", "subject": "Hi"} | typed


def shown(text: str) -> dict[str, object]:
    """What a form sends of itself: its hidden fields, and whom it goes to."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', text)]
    chosen = re.search(r'<option selected value="(\d+)">', text)
    return {tag["name"]: html.unescape(tag.get("value", "")) for tag in inputs} | {"to": chosen[1] if chosen else ""}


def send(browser: Browser, account: int, form: dict[str, object], via: str = "sms"):  # type: ignore[no-untyped-def]
    return browser.fragment(f"/accounts/{account}/{via}", method="POST", data=form)


def test_an_sms_is_sent_in_place_once_and_stands_in_the_history(collector: Browser):
    account = a_debtor_awake()
    form = the_form(collector, account)

    answers = [send(collector, account, form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("account-changed" in answer.headers["HX-Trigger"] for answer in answers)
    assert the_message(account).body == "Please call us."
    history = collector.fragment(f"/accounts/{account}/history").text
    assert history.count("Please call us.") == 1
    assert "Queued" in history
    plain = collector.post(f"/accounts/{account}/sms", data=the_form(collector, account, body="Another"))
    assert plain.location.endswith(f"/accounts/{account}/collections#h-m2")


def test_a_message_on_its_way_asks_again_until_it_has_left(collector: Browser):
    account = a_debtor_awake()
    send(collector, account, the_form(collector, account))

    waiting = collector.fragment(f"/accounts/{account}/history/m1")
    with transaction():
        the_message(account).status = "sent"
    left = collector.fragment(f"/accounts/{account}/history/m1")

    assert 'hx-trigger="load delay:2s"' in waiting.text
    assert "load delay" not in left.text
    assert left.headers["HX-Trigger"] == "account-changed"


@pytest.mark.parametrize(
    ("via", "typed", "field"),
    [
        ("sms", {"body": LONG}, "body"),
        ("sms", {"to": "999", "body": "Kept"}, "to"),
        ("emails", {"subject": "", "body": "Kept"}, "subject"),
        ("emails", {"cc": "nobody", "body": "Kept"}, "cc"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_what_was_typed_stays(
    collector: Browser, via: str, typed: dict[str, str], field: str
):
    account = a_debtor_awake()
    form = the_form(collector, account, via, **typed)

    answer = send(collector, account, form, via)
    plain = collector.post(f"/accounts/{account}/{via}", data=form)

    assert answer.status_code == plain.status_code == 422
    assert f'id="{field}-errors"' in answer.text
    assert typed["body"].strip() in plain.text
    assert messages_of(account) == []


def test_a_contact_that_an_import_removed_is_named_on_the_field(collector: Browser):
    account = a_debtor_awake()
    form = the_form(collector, account)
    contacts.remove(people.of_account(account)[0].id, now=now(), by_id=None)

    answer = send(collector, account, form)

    assert answer.status_code == 422
    assert "This contact was removed" in answer.text
    assert "Please call us." in answer.text


def test_a_number_that_an_import_changed_is_shown_before_anything_goes_there(collector: Browser):
    account = a_debtor_awake()
    form = shown(collector.fragment(f"/accounts/{account}/sms/new").text) | {"body": "Please call us."}
    contacts.put_default(account, email="", phone="+1 800 225 5299", now=now())

    other = send(collector, account, form | {"body": ""})
    refused = send(collector, account, form | shown(other.text))

    assert 'id="to-errors"' not in other.text
    assert re.search(r'id="to-errors">It became \+1 800-225-5299 meanwhile', refused.text)
    assert "Please call us." in refused.text
    assert messages_of(account) == []
    assert send(collector, account, form | shown(refused.text)).status_code == 200
    assert the_message(account).to_address == "+18002255299"


def test_a_number_that_said_stop_cannot_be_chosen_and_says_why(collector: Browser):
    account = a_debtor_awake()
    a_contact(account, name="Bo", phone="+4520123499")
    suppressions.add("sms", "+4520123499", reason="opted_out", source="reply", now=now())

    text = collector.fragment(f"/accounts/{account}/sms/new").text

    assert re.search(r"<option disabled[^>]*>Bo · \+45 20 12 34 99 · .* there: They asked not to be written to", text)
    suppressions.add("sms", people.of_account(account)[0].phone or "", reason="invalid", source="event", now=now())
    assert "valid phone number that may be used" in collector.fragment(f"/accounts/{account}/sms/new").text


def test_a_template_is_filled_in_with_todays_figures_in_their_language(collector: Browser):
    account = a_debtor_awake(owed="1250.00 DKK", language="da")
    form = the_form(collector, account, "emails")
    choices = dict(
        re.findall(r'<option value="(\d+)">([^<]+)<', collector.fragment(f"/accounts/{account}/sms/new").text)
    )
    final = next(key for key, name in choices.items() if name == "Final notice")

    sms = collector.fragment(f"/accounts/{account}/sms/wording", method="POST", data=form | {"template": final})
    own = collector.fragment(f"/accounts/{account}/sms/wording", method="POST", data=form | {"template": ""})
    size = collector.fragment(f"/accounts/{account}/sms/size", method="POST", data={"body": "æ" * 161 + "ł"})

    assert "1.250,00 DKK er ikke betalt" in sms.text
    assert "1 SMS" in sms.text
    assert "Please call us." in own.text
    assert "3 SMS" in size.text


def test_what_a_payment_overtook_is_said_once_and_the_text_stays(collector: Browser):
    account = a_debtor_awake(owed="1250.00 DKK", number="A-1")
    form = shown(collector.fragment(f"/accounts/{account}/sms/new").text)
    final = next(version.id for name, version in offered(account) if name == "Final notice")
    text = collector.fragment(f"/accounts/{account}/sms/wording", method="POST", data=form | {"template": final}).text
    form |= shown(text) | {"to": form["to"], "template": final}
    form["body"] = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)[1]).strip() + " Ida"
    an_entry(account, "450.00 DKK", kind="payment", number="P-1", on=today(), now=now())

    warned = send(collector, account, form)

    assert warned.status_code == 422
    assert 'id="body-errors">The account changed meanwhile: instead of 1,250.00 it would say 800.00 now.' in warned.text
    assert "1,250.00 is unpaid (A-1)" in warned.text
    assert send(collector, account, form | {"body": "Please call us."}).status_code == 200
    assert send(collector, account, form | shown(warned.text) | {"token": "u"}).status_code == 200
    assert [row.body for row in messages_of(account)] == ["Please call us.", form["body"]]


def offered(account: int) -> list[tuple[str, TemplateVersion]]:
    return templates.of_channel(db.session.get_one(Account, account), "sms")


def test_links_of_documents_count_before_it_is_sent(collector: Browser):
    typed = {"body": "x" * 150, "chosen": "3", "statement": "y"}

    size = collector.fragment(f"/accounts/{a_debtor_awake()}/sms/size", method="POST", data=typed).text

    assert f"{150 + 4 * (documents.width() + 1)} characters" in size
    assert "4 links included" in size


def test_at_night_the_form_says_when_and_a_manager_may_say_why_not(client: Browser):
    account = a_debtor_asleep()
    collector = client.sign_in(a_user("collector"))
    form = the_form(collector, account)

    refused = send(collector, account, form)
    until = re.search(r'name="not_before" value="([^"]+)"', refused.text)
    assert refused.status_code == 422
    assert "outside the hours" in refused.text
    assert "Send now all the same" not in refused.text
    assert until is not None
    waits = send(collector, account, form | {"go": "wait", "not_before": until[1]})
    assert "It goes on" in waits.headers["HX-Trigger"]
    assert "It goes on" in collector.fragment(f"/accounts/{account}/history").text
    assert "Take it back" in collector.get("/messages/1").text
    collector.post(f"/accounts/{account}/sms/1/withdrawal")
    assert "A person took it back" in collector.get("/messages/1").text

    manager = client.sign_in(a_user("manager"))
    over = the_form(manager, account, body="Now", go="override")
    assert 'id="reason-errors"' in send(manager, account, over).text
    assert send(manager, account, over | {"reason": "She asked"}).status_code == 200
    assert "Contact limit overridden: She asked" in manager.get(f"/accounts/{account}/collections").text


def test_an_email_has_its_files_statement_and_copies(collector: Browser):
    account = a_debtor_awake()
    typed = {"cc": "boss@example.com", "statement": "y", "files": (io.BytesIO(b"%PDF-1"), "Plan.pdf")}

    answer = send(collector, account, the_form(collector, account, "emails", **typed), "emails")

    assert answer.status_code == 200
    message = the_message(account)
    assert (message.to_address, message.cc, message.subject) == ("mette@example.com", ["boss@example.com"], "Hi")
    kept = [files.find(key) for key in db.session.scalars(select(MessageFile.file_id).order_by(MessageFile.file_id))]
    assert (kept[0].name, kept[0].content_type) == ("Plan.pdf", "application/pdf")
    assert b"".join(files.read(kept[1].id)).startswith(b"%PDF")


def test_what_went_with_an_email_is_seen_where_it_is_told_and_saved_from_there(collector: Browser):
    account = a_debtor_awake()
    typed = {"cc": "boss@example.com", "files": (io.BytesIO(b"%PDF-1"), "Plan.pdf")}
    send(collector, account, the_form(collector, account, "emails", **typed), "emails")

    for address in (f"/accounts/{account}/history?q=plan.pdf", f"/accounts/{account}/collections/m1", "/messages/1"):
        page = collector.get(address).text
        assert "boss@example.com" in page
        saved = collector.get(re.search(r'href="(/messages/1/files/\d+)" download>Plan.pdf', page)[1])  # type: ignore[index]
    assert saved.data == b"%PDF-1"
    assert saved.headers["Content-Disposition"] == "attachment; filename=Plan.pdf"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"

    other = files.store([b"x"], name="Of others.pdf", content_type="application/pdf", now=now())
    assert collector.get(f"/messages/1/files/{other.id}").status_code == 404
    address = saved.request.path
    collector.post("/logout")
    assert collector.get(address).location.startswith("/login")


def test_the_files_of_many_messages_cost_one_query(collector: Browser):
    account, statements = a_debtor_awake(), []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    counts = []
    for more in (1, 6):
        for number in range(more):
            message = sent(account, f"{more}.{number}", "mette@example.com", channel="email")
            stored = files.store([b"x"], name=f"{more}{number}.txt", content_type="text/plain", now=now())
            with transaction():
                db.session.add(MessageFile(message_id=message, file_id=stored.id))
        statements.clear()
        shown = collector.fragment(f"/accounts/{account}/history").text.count(".txt</a>")
        counts.append((shown, len(statements)))

    assert [shown for shown, _count in counts] == [1, 7]
    assert counts[0][1] == counts[1][1]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("big.pdf", b"0" * (30 * 1024 * 1024), "has 30 MB"), ("invoice.pdf", b"MZ\x90\x00", "is a program")],
)
def test_a_file_that_is_refused_is_refused_on_its_field(collector: Browser, name: str, content: bytes, words: str):
    account = a_debtor_awake()
    form = the_form(collector, account, "emails", files=(io.BytesIO(content), name), body="Kept")

    answer = send(collector, account, form, "emails")

    assert answer.status_code == 422
    assert words in answer.text
    assert f"Choose again: {name}." in answer.text
    assert "Kept" in answer.text


def test_the_form_says_where_a_trial_goes_and_that_all_is_stopped(collector: Browser, app: Flask):
    account = a_debtor_awake()
    assert "reaches nobody" in collector.fragment(f"/accounts/{account}/sms/new").text
    with transaction():
        switch = db.session.get_one(Automation, 1)
        switch.stopped = True

    assert "All sending is stopped" in collector.get(f"/accounts/{account}/emails/new").text
    assert collector.get("/accounts/999/sms/new").status_code == 404
    assert db.session.scalar(select(Suppression.id)) is None
