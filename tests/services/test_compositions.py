"""What people write: once, to an address that may be used, at an hour that is decent; or a clear no."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_contact, a_debtor, a_user
from tests.outboxes import Recorder, messages_of, senders, statuses, the_message
from wiseops.domain.attachments import Upload
from wiseops.domain.compositions import Draft, Withheld, addresses
from wiseops.domain.errors import Refused, Resent
from wiseops.extensions import db
from wiseops.models import Event, User
from wiseops.queries import contacts as people
from wiseops.services import compositions, contacts, documents, files, messages, pauses, suppressions
from wiseops.services.compositions import Sending

NUMBER = "+4520123456"
EVENING = NOW + timedelta(hours=11)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Flask:
    return app


@pytest.fixture
def account() -> int:
    return a_debtor("100.00 DKK", email="mette@example.com", phone=NUMBER)


@pytest.fixture
def ida() -> User:
    return a_user("collector", name="Ida Holm")


def an_sms(account: int, body: str = "Please call us.") -> Draft:
    return Draft("sms", people.of_account(account)[0].id, body)


def an_email(account: int, **more: object) -> Draft:
    values = {"body": "Dear Mette", "subject": "Your account"} | more
    return Draft("email", people.of_account(account)[0].id, **values)  # type: ignore[arg-type]


def field_of(account: int, draft: Draft, by: User, token: str = "x") -> str | None:
    with pytest.raises(Refused) as refused:
        compositions.send(account, draft, Sending(token), now=NOW, by=by)
    return refused.value.field


def send(at: object = NOW) -> Recorder:
    outbox = Recorder()
    messages.send_due(at, senders=senders(outbox))  # type: ignore[arg-type]
    return outbox


def test_one_form_makes_one_sms_that_goes_while_automation_is_paused(account: int, ida: User):
    pauses.begin(reason="lunch", now=NOW)

    made = [compositions.send(account, an_sms(account), Sending("t"), now=NOW, by=ida) for _ in range(2)]
    outbox = send()

    assert made[0] == made[1]
    assert [(sent.to, sent.body) for sent in outbox.sent] == [(NUMBER, "Please call us.")]
    event = db.session.scalars(select(Event).where(Event.kind == "message_queued")).one()
    assert (event.by_id, event.facts["message"]) == (ida.id, made[0])


def test_a_form_sent_again_with_anything_else_in_it_says_what_was_sent(account: int, ida: User):
    bo = a_contact(account, name="Bo", email="bo@example.com")
    first, plan = an_email(account), Upload("plan.pdf", 4, b"%PDF", [b"%PDF"], "sha")
    compositions.send(account, first, Sending("t"), now=NOW, by=ida)

    for other, sending, uploads in (
        (replace(first, body="Dear Bo"), Sending("t"), []),
        (replace(first, to=bo), Sending("t"), []),
        (replace(first, cc=("boss@example.com",)), Sending("t"), []),
        (first, Sending("t"), [plan]),
        (first, Sending("t", not_before=NOW), []),
        (first, Sending("t", override="She asked"), []),
    ):
        with pytest.raises(Resent, match=r"saved before, with “Dear Mette” to mette@example\.com"):
            compositions.send(account, other, sending, files=uploads, now=NOW, by=ida)
    assert len(messages_of(account)) == 1


@pytest.mark.parametrize("via", ["sms", "email"])
def test_two_people_send_the_same_text_with_the_same_files_once(account: int, ida: User, via: str):
    draft = an_sms(account) if via == "sms" else an_email(account)
    first, same, other = (_a_file(name, content) for name, content in (("a", b"one"), ("b", b"one"), ("a", b"two")))
    statement = Upload("Statement.pdf", 4, b"%PDF", [b"%PDF"])
    for n, uploads in enumerate(([first, statement], [other, statement], [first], [statement], [])):
        compositions.send(account, draft, Sending(f"t{n}"), files=uploads, now=NOW, by=ida)

    for uploads in ([same, replace(statement, pieces=[b"%PDF later"])], [same], [statement], []):
        with pytest.raises(Refused, match="Ida Holm sent exactly this"):
            compositions.send(account, draft, Sending("u"), files=uploads, now=NOW, by=ida)
    assert len(messages_of(account)) == 5


def _a_file(name: str, content: bytes) -> Upload:
    return Upload(f"{name}.pdf", len(content), content, [content], hashlib.sha256(content).hexdigest())


def test_a_twin_of_another_form_is_refused(account: int, ida: User):
    kim = a_user(name="Kim Lund")
    compositions.send(account, an_sms(account), Sending("t"), now=NOW, by=ida)

    with pytest.raises(Refused, match="Ida Holm sent exactly this 3 min ago"):
        compositions.send(account, an_sms(account), Sending("u"), now=NOW + timedelta(minutes=3), by=kim)
    compositions.send(account, an_sms(account), Sending("v"), now=NOW + timedelta(minutes=11), by=kim)

    assert len(messages_of(account)) == 2


@pytest.mark.parametrize(
    ("body", "field"), [("", "body"), ("\x07\u202e ", "body"), ("x" * 5000, "body"), ("x" * 3201, "body")]
)
def test_an_empty_and_a_far_too_long_text_are_refused(account: int, ida: User, body: str, field: str):
    assert field_of(account, an_sms(account, body), ida) == field


def test_what_cannot_be_seen_is_not_sent(account: int, ida: User):
    compositions.send(account, an_sms(account, "Pay \u202e\x0012\u00a0kr\r\n– now"), Sending("t"), now=NOW, by=ida)

    assert the_message(account).body == "Pay 12 kr\n- now"


def test_an_address_that_is_gone_foreign_invalid_or_suppressed_is_refused_on_its_field(account: int, ida: User):
    stranger = a_contact(a_debtor(email="", phone=""), name="Else", phone="+4520123499")
    unreached = a_contact(account, name="Bo", phone="12")
    gone = a_contact(account, name="Carl", phone="+4520123477")
    contacts.remove(gone, now=NOW, by_id=None)
    suppressions.add("sms", NUMBER, reason="opted_out", source="reply", now=NOW)
    suppressions.add("email", "boss@example.com", reason="bounced", source="event", now=NOW)

    for contact in (None, stranger, unreached, gone, people.of_account(account)[0].id):
        assert field_of(account, Draft("sms", contact, "Hello"), ida) == "to"
    assert field_of(account, an_email(account, cc=("Boss@example.com",)), ida) == "cc"
    assert field_of(account, an_email(account, cc=("nobody",)), ida) == "cc"
    assert field_of(account, an_email(account, cc=tuple(f"{n}@x.dk" for n in range(11))), ida) == "cc"
    assert field_of(account, an_email(account, subject=" "), ida) == "subject"
    assert messages_of(account) == []


def test_what_an_import_made_of_the_address_meanwhile_is_said_and_then_taken(account: int, ida: User):
    sms, email = replace(an_sms(account), shown=NUMBER), an_email(account, shown="mette@example.com")
    contacts.put_default(account, email="bo@example.com", phone="20 99 99 99", now=NOW)

    for draft, now_is in ((sms, "+45 20 99 99 99"), (email, "bo@example.com")):
        with pytest.raises(Refused, match=re.escape(now_is)) as refused:
            compositions.send(account, draft, Sending("x"), now=NOW, by=ida)
        assert refused.value.field == "to"
    assert messages_of(account) == []
    compositions.send(account, replace(sms, shown="+4520999999"), Sending("x"), now=NOW, by=ida)

    assert the_message(account).to_address == "+4520999999"


def test_at_night_it_says_when_and_waits_if_it_is_told_to(account: int, ida: User):
    with pytest.raises(Withheld) as withheld:
        compositions.send(account, an_sms(account), Sending("t"), now=EVENING, by=ida)
    until = withheld.value.answer.until  # type: ignore[union-attr]
    assert [reason.code for reason in withheld.value.answer.reasons] == ["window"]

    compositions.send(account, an_sms(account), Sending("t", not_before=until), now=EVENING, by=ida)

    assert send(EVENING).sent == []
    assert [sent.body for sent in send(until).sent] == ["Please call us."]


def test_a_manager_goes_past_the_hour_with_a_reason_and_nobody_else_does(account: int, ida: User):
    boss = a_user("manager")
    for by, why in ((ida, "She asked"), (boss, " ")):
        with pytest.raises(Refused) as refused:
            compositions.send(account, an_sms(account), Sending("t", override=why), now=EVENING, by=by)
        assert refused.value.field == "reason"
    assert messages_of(account) == []

    compositions.send(account, an_sms(account), Sending("t", override="She asked"), now=EVENING, by=boss)

    assert len(send(EVENING).sent) == 1
    kinds = db.session.scalars(select(Event.kind).where(Event.by_id == boss.id))
    assert sorted(kinds) == ["guardrail_overridden", "message_queued"]


def test_a_text_whose_hour_passed_waits_unchanged_and_one_whose_address_was_barred_is_cancelled(
    account: int, ida: User
):
    compositions.send(account, an_sms(account), Sending("t"), now=NOW, by=ida)
    compositions.send(account, an_email(account, cc=("boss@example.com",)), Sending("u"), now=NOW, by=ida)

    assert send(EVENING).sent == []
    assert {(row.status, row.reason) for row in messages_of(account)} == {("queued", "window")}
    suppressions.add("email", "boss@example.com", reason="bounced", source="event", now=EVENING)
    suppressions.add("sms", NUMBER, reason="opted_out", source="reply", now=EVENING)
    (sent,) = send(EVENING + timedelta(hours=12)).sent

    assert statuses(account) == [("sms", "cancelled"), ("email", "sent")]
    assert (sent.body, sent.cc) == ("Dear Mette", ())


def test_an_email_takes_its_files_along(account: int, ida: User):
    draft = an_email(account, cc=addresses("boss@example.com; BOSS@example.com, mette@example.com"))
    uploads = [Upload("plan.pdf", 4, b"%PDF", [b"%P", b"DF"])]

    compositions.send(account, draft, Sending("t"), files=uploads, now=NOW, by=ida)

    (sent,) = send().sent
    assert sent.cc == ("boss@example.com",)
    assert [(a.name, a.content_type, a.content) for a in sent.attachments] == [("plan.pdf", "application/pdf", b"%PDF")]


def test_an_sms_takes_its_files_along_as_links(account: int, ida: User):
    for _ in range(2):
        upload = Upload("plan.pdf", 4, b"%PDF", [b"%PDF"])
        compositions.send(account, an_sms(account), Sending("t"), files=[upload], now=NOW, by=ida)

    text, link = the_message(account).body.split("\n")
    assert (text, len(link)) == ("Please call us.", documents.width())
    file_id = documents.opened(link.rsplit("/", 1)[1], now=NOW)
    assert file_id is not None
    assert files.find(file_id).name == "plan.pdf"
    assert the_message(account).segments == 1
    assert [sent.body for sent in send().sent] == [f"{text}\n{link}"]
    full = an_sms(account, "x" * 3190)
    with pytest.raises(Refused) as refused:
        compositions.send(account, full, Sending("u"), files=[upload], now=NOW, by=ida)
    assert refused.value.field == "body"


def test_a_number_is_asleep_where_it_is_though_the_account_is_awake(account: int, ida: User):
    abroad = a_contact(account, name="Al", phone="+12125550123")

    with pytest.raises(Withheld):
        compositions.send(account, Draft("sms", abroad, "Hello"), Sending("t"), now=NOW, by=ida)


def test_what_waits_can_be_taken_back_and_what_left_cannot(account: int, ida: User):
    waiting = compositions.send(account, an_sms(account), Sending("t"), now=NOW, by=ida)
    for _ in range(2):
        compositions.withdraw(account, waiting, now=NOW, by_id=ida.id)
    gone = compositions.send(account, an_sms(account), Sending("u"), now=NOW, by=ida)

    assert len(send().sent) == 1
    with pytest.raises(Refused, match="on its way"):
        compositions.withdraw(account, gone, now=NOW, by_id=ida.id)
    assert statuses(account) == [("sms", "cancelled"), ("sms", "sent")]
