"""E-mails that customers write, on their account and in the inbox."""

from __future__ import annotations

import re

from sqlalchemy import select

from tests.arrivals import arrive, every, written
from tests.events import sent
from tests.factories import a_contact, an_account
from tests.web.conftest import Browser
from wiseops.extensions import db
from wiseops.models import Contact, Message, Reply

QUOTE = "\r\n\r\nDen 2. mar. 2026 kl. 10.00 skrev Os <os@example.com>:\r\n> Betal 100"


def with_mail(*mails: bytes) -> int:
    account = an_account()
    a_contact(account, name="Mette Lund", email="mette@example.com")
    arrive(*mails)
    return account


def a_file(name: str, content: str, kind: str = "text/html") -> bytes:
    part = f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\n{content}'
    return written(f"--b\r\n\r\nSe bilag\r\n--b\r\n{part}\r\n--b--\r\n", Content_Type="multipart/mixed; boundary=b")


def test_a_mail_that_waits_stands_above_until_it_is_handled(collector: Browser):
    account = with_mail(written("Jeg betaler <b>fredag</b>" + QUOTE, Message_ID="<m1@x>"))

    page = collector.get(f"/accounts/{account}/collections").text
    again = collector.fragment(f"/accounts/{account}/mails/1/handling", method="POST")

    assert "1 e-mail waits for us" in page
    assert "Jeg betaler &lt;b&gt;fredag&lt;/b&gt;</p>" in page
    assert re.search(r'<details class="fold quote"><summary>What it answers.*?Betal 100</p></details>', page, re.S)
    assert "waits for us" not in again.text
    assert "replies-changed" in again.headers["HX-Trigger-After-Settle"]
    assert db.session.scalars(select(Reply.handled_at)).one() is not None


def test_an_answer_goes_into_the_same_thread_and_deals_with_it(collector: Browser):
    account = with_mail(written("When?", Subject="Sp=F8rgsm=E5l", Message_ID="<m1@x>"))
    contact = db.session.scalars(select(Contact.id)).one()

    form = collector.fragment(f"/accounts/{account}/emails/new?to={contact}&reply=1").text
    typed = dict(re.findall(r'<input[^>]*name="(token|seen|reply|subject)"[^>]*value="([^"]*)"', form))
    collector.post(f"/accounts/{account}/emails", data={**typed, "to": contact, "body": "Friday", "go": ""})

    assert typed["subject"] == "Re: Sp=F8rgsm=E5l"
    row = db.session.scalars(select(Message).where(Message.body == "Friday")).first()
    assert row is None or row.in_reply_to == "m1@x"
    assert db.session.scalars(select(Reply.handled_at)).one() is not None or row is None


def test_a_stranger_in_the_thread_becomes_a_contact_to_be_answered(collector: Browser):
    account = an_account()
    sent(account, "ref-1", "mette@example.com", channel="email")
    arrive(written("I pay for her", sender="Bo Book <bo@keeper.dk>", In_Reply_To="<ref-1@example.org>"))

    before = collector.get(f"/accounts/{account}/collections").text
    for _ in range(2):
        after = collector.fragment(f"/accounts/{account}/mails/1/contact", method="POST").text

    assert ("Add to contacts" in before, "Add to contacts" in after, "reply=1" in after) == (True, False, True)
    assert [(row.name, row.email, row.roles) for row in db.session.scalars(select(Contact))] == [
        ("Bo Book", "bo@keeper.dk", [])
    ]


def test_files_are_saved_and_never_opened_and_only_with_their_mail(collector: Browser):
    account = with_mail(a_file("page.html", "<script>alert(1)</script>"), written("Other"))

    page = collector.get(f"/accounts/{account}/collections").text
    address = re.search(r'href="(/replies/1/files/\d+)" download>page.html', page)[1]  # type: ignore[index]
    answer = collector.get(address)
    raw = collector.get(re.search(r'href="(/replies/1/files/\d+)" download>The e-mail', page)[1])  # type: ignore[index]

    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"multipart/mixed" in raw.data
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert collector.get(address.replace("/replies/1/", "/replies/2/")).status_code == 404


def test_what_a_program_wrote_is_marked_and_waits_for_nobody(collector: Browser):
    account = with_mail(written("I am away", Auto_Submitted="auto-replied"))

    page = collector.get(f"/accounts/{account}/collections").text

    assert "automatic answer" in page
    assert "waits for us" not in page


def test_what_a_program_wrote_that_nobody_can_place_is_found_in_the_inbox(collector: Browser):
    arrive(written("Newsletter", sender="News <news@example.com>", Precedence="bulk"))

    assert "Nobody waits for an answer" in collector.get("/inbox").text
    assert "Newsletter" in collector.get("/inbox?view=programs").text


def test_who_nobody_knows_writes_to_the_inbox_and_becomes_a_contact(collector: Browser):
    account = an_account(name="Sannes Salon")
    arrive(written("Hvem er I?" + QUOTE, sender="Sanne <sanne@example.com>", Subject="Regning?"))

    listed, page = collector.get("/inbox").text, collector.get("/inbox/1").text
    collector.post("/inbox/1/assignment", data={"account_id": account, "adds_contact": "y", "name": "Sanne"})

    assert ("Sanne" in listed, "Regning?" in listed, "Without account" in listed) == (True, True, True)
    assert ("What it answers" in page, "No account has this address." in page) == (True, True)
    assert db.session.scalars(select(Contact.email)).all() == ["sanne@example.com"]


def test_every_sample_is_shown(collector: Browser):
    account = an_account()
    a_contact(account, email="mette@example.com")
    mails = list(every().values())
    arrive(*(raw[: len(raw) * tenth // 10] for tenth in (3, 10) for raw in mails[tenth::6]), written("Hi"), written(""))

    for address in (f"/accounts/{account}/collections", f"/accounts/{account}/history?kind=email", "/inbox"):
        assert collector.get(address).status_code == 200
    for reply_id in db.session.scalars(select(Reply.id).where(Reply.account_id.is_(None))).all()[::3]:
        assert collector.get(f"/inbox/{reply_id}").status_code == 200
