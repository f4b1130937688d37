"""What a bounce or a complaint that comes by mail does, and what a forged one cannot do."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy
from email.message import Message as Mail

import pytest
from flask import Flask
from sqlalchemy import select

from tests.events import sent
from tests.factories import NOW, a_contact, a_debtor, a_user, running
from tests.formats.test_bounces import ARF, FROM, POSTFIX, QMAIL
from tests.outboxes import Recorder, messages_of, senders, statuses, the_message
from wiseops.domain.bounces import SOFT_LIMIT
from wiseops.extensions import db
from wiseops.formats import bounces as notices
from wiseops.models import Suppression, Task
from wiseops.services import accounts, automation, bounces, messages

NUMBER = "+4520123456"
FULL = {"action": "failed", "status": "4.2.2", "said": "452 4.2.2 mailbox full"}
GONE = {"action": "failed", "status": "5.1.1", "said": "550 5.1.1 User unknown"}


def a_notice(body: str, *, ref: str = "r1", about: str = "mette@example.com") -> Mail:
    text = FROM + body.replace("r1@nordlys.dk", f"{ref}@nordlys.dk").replace("-ref: r1", f"-ref: {ref}")
    return email.message_from_string(text.replace("mette@example.com", about), policy=policy.default)


def take(mail: Mail) -> str:
    notice = notices.read(mail)
    assert notice
    effect = bounces.receive(notice, now=NOW)
    automation.decide(effect.account_ids, NOW)
    return effect.outcome


def standing() -> set[tuple[str, str, str]]:
    columns = (Suppression.address, Suppression.reason, Suppression.source)
    return {tuple(row) for row in db.session.execute(select(*columns).where(Suppression.lifted_at.is_(None)))}


def tasks_of(account_id: int) -> list[tuple[str, int | None]]:
    columns = (Task.kind, Task.assignee_id)
    query = select(*columns).where(Task.account_id == account_id, Task.status == "open").order_by(Task.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_a_reminder_that_comes_back_marks_the_address_and_goes_by_the_next_channel(app: Flask):
    running()
    owner = a_user().id
    account = a_debtor(email="Mette@Example.com", phone=NUMBER)
    accounts.assign([account], owner_id=owner, now=NOW, by_id=None)
    messages.send_due(NOW, senders=senders(Recorder()))
    mail = a_notice(POSTFIX.format(**GONE), ref=the_message(account).ref)

    assert (take(mail), take(mail)) == ("undelivered", "no_news")

    assert statuses(account) == [("email", "undelivered"), ("sms", "queued")]
    assert messages_of(account)[0].reason == "hard: 550 5.1.1 User unknown"
    assert standing() == {("mette@example.com", "bounced", "bounce")}
    assert tasks_of(account) == [("find_contact", owner)]


def test_where_no_channel_is_left_one_task_asks_for_an_address(app: Flask):
    running()
    account = a_debtor()
    messages.send_due(NOW, senders=senders(Recorder()))

    take(a_notice(POSTFIX.format(**GONE), ref=the_message(account).ref))

    assert statuses(account) == [("email", "undelivered")]
    assert tasks_of(account) == [("find_contact", None)]


def test_so_many_soft_ones_in_a_row_mark_the_address_and_one_that_arrived_between_them_does_not(app: Flask):
    for name, arrived in (("full", None), ("mostly", 2)):
        address = f"{name}@example.com"
        account = a_debtor(email=address)
        for number in range(1, SOFT_LIMIT + 1):
            assert not [row for row in standing() if row[0] == address]
            sent(account, f"{name}{number}", address, channel="email")
            if number != arrived:
                take(a_notice(POSTFIX.format(**FULL), ref=f"{name}{number}", about=address))

    assert standing() == {("full@example.com", "bounced", "bounce")}


def test_what_was_refused_for_what_we_wrote_says_nothing_against_the_address(app: Flask):
    account = a_debtor()
    for number in range(SOFT_LIMIT + 1):
        sent(account, f"b{number}", "mette@example.com", channel="email")
        blocked = {"action": "failed", "status": "5.7.1", "said": "550 5.7.1 looks like spam"}
        assert take(a_notice(POSTFIX.format(**blocked), ref=f"b{number}")) == "undelivered"

    assert standing() == set()


def test_a_delay_changes_nothing(app: Flask):
    account = a_debtor()
    sent(account, "r1", "mette@example.com", channel="email")

    assert take(a_notice(POSTFIX.format(action="delayed", status="4.4.1", said="timed out"))) == "kept"
    assert statuses(account) == [("email", "sent")]


@pytest.mark.parametrize(("kind", "reason"), [("abuse", "complaint"), ("opt-out", "opted_out")])
def test_who_complains_or_opts_out_gets_no_more_even_where_the_address_is_blacked_out(
    app: Flask, kind: str, reason: str
):
    account = a_debtor(email="mette@example.com")
    sent(account, "r1", "Mette@example.com", channel="email")

    outcome = take(a_notice(ARF.format(kind=kind).replace("Rcpt-To: mette@example.com", "Rcpt-To: redacted@")))

    assert (outcome, standing()) == (reason, {("mette@example.com", reason, "bounce")})
    assert statuses(account) == [("email", "sent")]


def test_a_notice_about_nothing_that_we_sent_changes_nothing(app: Flask):
    account = a_debtor()
    sent(account, "r1", "mette@example.com", channel="email")

    for mail in (
        a_notice(POSTFIX.format(**GONE), ref="forged"),
        a_notice(ARF.format(kind="abuse"), ref="forged"),
        a_notice(QMAIL, ref="forged"),
        a_notice(POSTFIX.format(**GONE), ref="forged", about="kim@example.com"),
    ):
        assert take(mail) == "unknown_reference"

    assert (statuses(account), standing(), tasks_of(account)) == ([("email", "sent")], set(), [])


def test_a_notice_that_names_only_the_address_moves_the_last_message_and_never_marks_at_once(app: Flask):
    account = a_debtor()
    sent(account, "old", "mette@example.com", channel="email", sending_at=NOW - timedelta(days=8))
    nameless = QMAIL.partition("---")[0]
    assert take(a_notice(nameless)) == "unknown_reference"

    sent(account, "new", "mette@example.com", channel="email")

    assert take(a_notice(nameless)) == "undelivered"
    assert statuses(account) == [("email", "sent"), ("email", "undelivered")]
    assert standing() == set()


def test_what_became_of_a_copy_or_of_a_forwarded_mail_is_not_held_against_the_addressee(app: Flask):
    account = a_debtor()
    a_contact(account, email="copy@example.com", cc=True)
    sent(account, "r1", "mette@example.com", channel="email", cc=["Copy@example.com"])
    sent(account, "r2", "mette@example.com", channel="email")

    assert take(a_notice(POSTFIX.format(**GONE), about="copy@example.com")) == "bounced"
    assert take(a_notice(POSTFIX.format(**GONE), ref="r2", about="mette@elsewhere.example")) == "undelivered"

    assert statuses(account) == [("email", "sent"), ("email", "undelivered")]
    assert standing() == {("copy@example.com", "bounced", "bounce")}


def test_who_wrote_a_message_by_hand_is_told_that_it_came_back(app: Flask):
    account, writer = a_debtor(), a_user().id
    sent(account, "r1", "mette@example.com", channel="email", created_by_id=writer)

    take(a_notice(POSTFIX.format(**FULL)))

    assert tasks_of(account) == [("came_back", writer)]


def test_a_complaint_that_anybody_could_have_written_can_be_undone_by_the_address(app: Flask):
    account = a_debtor(email="mette@example.com")
    sent(account, "r1", "mette@example.com", channel="email")
    forged = "\n".join(line for line in ARF.format(kind="abuse").split("\n") if "essage-I" not in line)

    outcome = take(email.message_from_string(FROM + forged, policy=policy.default))

    assert (outcome, standing()) == ("opted_out", {("mette@example.com", "opted_out", "bounce")})
