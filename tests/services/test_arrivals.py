"""An e-mail from outside: whose it is, what it does, and that nothing of it is lost."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.arrivals import arrive, every, written
from tests.events import samples, sent
from tests.factories import NOW, a_contact, a_debtor, a_user, an_account, running
from tests.outboxes import messages_of
from wiseops.extensions import db
from wiseops.formats.arrivals import mail, postmark
from wiseops.models import Account, Contact, File, Message, Reply, ReplyFile, Webhook
from wiseops.queries import inbox, suppressions
from wiseops.services import files, placements, replies, webhooks

LATER = NOW + timedelta(hours=1)
METTE = "mette@example.com"


def with_address(email: str = METTE) -> int:
    account = an_account()
    a_contact(account, name="Mette", email=email)
    return account


def test_it_stands_with_the_message_that_it_answers_whoever_wrote_it(app: Flask):
    account, other = with_address("Mette@Example.com"), with_address("boss@example.com")
    ours = sent(account, "ref-1", "Mette@Example.com", channel="email", provider_id="ref-1@example.org")
    by_id = {"In_Reply_To": "<ref-1@example.org>"}

    (mette, boss, stranger, second, unknown) = arrive(
        written("Friday", sender="Mette <METTE@example.com>", **by_id),
        written("Friday!", sender="boss@example.com", References="<x@y> <ref-1@example.org>"),
        written("I pay for her", sender="book@keeper.dk", Message_ID="<k1@keeper.dk>", **by_id),
        written("Done", sender="book@keeper.dk", In_Reply_To="<k1@keeper.dk>"),
        written("Hello", In_Reply_To="<nobody@example.org>", sender="boss@example.com"),
    )

    assert [row.account_id for row in (mette, boss, stranger, second)] == [account] * 4
    assert [row.message_id for row in (mette, boss, stranger, second)] == [ours] * 4
    assert (mette.from_address, mette.contact_id is None) == ("Mette@Example.com", False)
    assert (stranger.from_address, stranger.contact_id) == ("book@keeper.dk", None)
    assert unknown.account_id == other


def test_without_a_thread_the_address_says_whose_it_is(app: Flask):
    first, second = with_address("a@example.com"), with_address("b@example.com")
    a_contact(first, email="b@example.com")
    sent(first, "1", "b@example.com", channel="email", sending_at=NOW - timedelta(days=2))
    with_address("shared@example.com"), with_address("shared@example.com")

    senders = [f"{who}@example.com" for who in ("a", "b", "shared", "nobody")]
    found = arrive(*(written(sender=sender) for sender in (*senders, "")))

    assert [row.account_id for row in found] == [first, first, None, None, None]
    assert second != first
    assert inbox.counts(user_id=0)["unassigned"] == 3


def test_whoever_writes_holds_the_reminders_and_a_program_does_not(app: Flask):
    running()
    account = a_debtor()

    (automatic,) = arrive(written("I am away", Auto_Submitted="auto-replied"))
    assert (automatic.kind, automatic.automatic, automatic.account_id) == ("automatic", True, account)
    assert inbox.count() == 0
    assert messages_of(account)[0].status == "queued"

    arrive(written("I pay on Friday"))
    assert inbox.count() == 1
    assert db.session.get_one(Account, account, populate_existing=True).reasons[0]["code"] == "reply"


def test_the_same_mail_again_is_the_same_and_one_with_its_id_is_another(app: Flask):
    account = with_address()
    raw = written("I paid", Message_ID="<1@x>")

    arrive(raw, b"Received: from elsewhere\r\n" + raw, written("Not me", Message_ID="<1@x>"))

    assert [row.body for row in replies.queries.of_account(account)] == ["Not me", "I paid"]
    assert db.session.scalar(select(func.count()).select_from(File)) == 2


def test_stop_by_mail_ends_mail_to_that_address_and_start_begins_it_again(app: Flask):
    running()
    account = a_debtor(email=METTE)

    quote = "Den 2. mar. 2026 kl. 10.00 skrev Os <x@y.dk>:\r\n\r\n> Betal"

    arrive(written(f"Stop!\r\n\r\nSendt fra min iPhone\r\n\r\n{quote}"))
    assert suppressions.standing("email", [METTE]) == {METTE: "opted_out"}
    assert messages_of(account)[0].reason == "opted_out"
    assert inbox.count() == 0

    arrive(written("", Subject="Start"), at=NOW + timedelta(minutes=1))
    assert suppressions.standing("email", [METTE]) == {METTE: "opted_out"}  # Anybody can write a From line.
    sent(account, "ref-1", METTE, channel="email")
    arrive(written("", Subject="Start", In_Reply_To="<ref-1@us>"), at=NOW + timedelta(minutes=1))
    assert suppressions.standing("email", [METTE]) == {}
    arrive(written("Stop", Auto_Submitted="auto-replied"), at=NOW + timedelta(minutes=2))
    assert suppressions.standing("email", [METTE]) == {}


def test_files_and_the_raw_mail_are_kept(app: Flask):
    encoded = "Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(b"%PDF-1").decode()
    body = f"--b\r\n\r\nSe bilag\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n{encoded}\r\n--b--"
    raw = written(body, Content_Type="multipart/mixed; boundary=b")

    (reply,) = arrive(raw)

    stored = db.session.scalars(select(File).join(ReplyFile).where(ReplyFile.reply_id == reply.id)).one()
    assert (stored.name, stored.content_type, b"".join(files.read(stored.id))) == (
        "a.pdf",
        "application/pdf",
        b"%PDF-1",
    )
    assert b"".join(files.read(reply.raw_id or 0)) == raw


def test_postmarks_mails_are_kept_once_as_they_came(app: Flask):
    for body in samples("postmark-inbound/*.json") * 2:
        webhooks.store_mail(body, provider="postmark", event_id=postmark.event_id(body), now=NOW)
    webhooks.work(NOW)

    (reply,) = db.session.scalars(select(Reply))
    assert (reply.from_address, reply.body, reply.from_name) == (
        "support@postmarkapp.com", "This is a test text body.", "Postmarkapp Support",
    )  # fmt: skip
    assert b"".join(files.read(reply.raw_id or 0)) in samples("postmark-inbound/*.json")


def test_every_sample_is_stored_and_cut_off_ones_too(app: Flask):
    mails = [raw[: len(raw) * tenth // 10] for raw in list(every().values())[::8] for tenth in (1, 4, 7, 10)]

    found = arrive(*mails, b"", bytes(range(256)))

    assert len(found) == len(mails) + 2
    assert db.session.scalar(select(func.count()).where(Webhook.done_at.is_(None))) == 0


def test_what_a_stranger_mailed_is_given_to_an_account_with_the_address(app: Flask):
    account, ida = an_account(), a_user()
    (first, _nobody) = arrive(written("Hello", sender="new@example.com"), written("Who?", sender=""))

    placements.assign(first.id, account, now=NOW, by_id=ida.id, adds_contact=True, name="Nina")

    contact = db.session.scalars(select(Contact)).one()
    assert (contact.email, contact.phone, contact.name, contact.roles) == ("new@example.com", None, "Nina", [])
    assert arrive(written("Again", sender="new@example.com"))[0].account_id == account
    assert inbox.counts(user_id=0)["unassigned"] == 1


def test_of_two_mails_that_name_no_sender_one_is_handled_at_a_time(app: Flask):
    (_first, second) = arrive(written("One", sender=""), written("Two", sender=""))

    replies.handle(second.id, seen_at=second.account_id, now=NOW, by_id=None)

    assert [row.reply.body for row in inbox.rows("unassigned", user_id=0)] == ["One"]


def test_what_comes_back_is_told_to_its_message_and_stands_there(app: Flask):
    account, _other = with_address(), with_address()
    message = sent(account, "ref-9", METTE, channel="email")
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; {METTE}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        "Message-ID: <ref-9@example.org>\r\n--b--\r\n"
    )
    typed = 'multipart/report; report-type=delivery-status; boundary="b"'
    server = "MAILER-DAEMON@mx.example.com"

    (bounce, of_others) = arrive(
        written(report, sender=server, Content_Type=typed),
        written(report.replace("ref-9", "theirs"), sender=server, Content_Type=typed, Subject="Another"),
    )

    assert (bounce.kind, bounce.automatic) == ("bounce", True)
    assert (bounce.account_id, bounce.message_id) == (account, message)
    assert of_others.account_id is None
    assert db.session.get_one(Message, message, populate_existing=True).status == "undelivered"
    assert suppressions.standing("email", [METTE]) == {METTE: "bounced"}
    assert inbox.count() == 0


def test_a_mail_that_breaks_the_reader_waits_in_the_inbox_as_it_came(app: Flask, monkeypatch: pytest.MonkeyPatch):
    raw = written("Hello")
    monkeypatch.setattr(mail, "read", lambda _raw: 1 / 0)

    (reply,) = arrive(raw)

    assert (reply.account_id, reply.kind, reply.handled_at) == (None, "reply", None)
    assert b"".join(files.read(reply.raw_id or 0)) == raw


def test_a_mail_that_kills_its_reader_twice_is_not_read_a_third_time(app: Flask, monkeypatch: pytest.MonkeyPatch):
    class Killed(BaseException):
        pass

    def kill(_raw: bytes) -> None:
        raise Killed

    webhooks.store_mail(written("Hello"), provider="mta", event_id="1", now=NOW)
    monkeypatch.setattr(mail, "parsed", kill)
    monkeypatch.setattr(webhooks, "_note", lambda *_given: None)
    row = select(Webhook.outcome, Webhook.done_at)

    for minutes, outcome in ((0, "reading since"), (6, "reading again since")):
        with pytest.raises(Killed):
            webhooks.work(NOW + timedelta(minutes=minutes))
        assert webhooks.work(NOW + timedelta(minutes=minutes + 4))  # It may still be reading.
        assert db.session.execute(row).one().outcome.startswith(outcome)
    assert webhooks.work(NOW + timedelta(minutes=12))

    assert db.session.execute(row).one() == ("broke: killed its reader twice", NOW + timedelta(minutes=12))


def test_start_in_anothers_name_lifts_nothing(app: Flask):
    victim = with_address("victim@example.com")
    mine = with_address("mine@example.com")
    for account, ref, address in ((mine, "ref-1", "mine@example.com"), (victim, "ref-2", "victim@example.com")):
        sent(account, ref, address, channel="email", provider_id=f"{ref}@example.org")
    suppressions_of = lambda: suppressions.standing("email", ["victim@example.com"])  # noqa: E731
    arrive(written("STOP", sender="victim@example.com"))
    assert suppressions_of()

    arrive(written("START", sender="victim@example.com", In_Reply_To="<ref-1@example.org>"), at=LATER)
    assert suppressions_of()

    arrive(written("START", sender="victim@example.com", In_Reply_To="<ref-2@example.org>"), at=LATER)
    assert not suppressions_of()
