"""Addresses that must not be used any more."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_contact, a_debtor, an_account, running
from tests.outboxes import Recorder, messages_of, senders
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Event, Suppression
from wiseops.queries import suppressions as queries
from wiseops.services import automation, messages, suppressions

NUMBER = "+4520123456"


def waiting_and_why(account_id: int) -> list[tuple[str, str, str]]:
    return [(message.channel, message.status, message.reason) for message in messages_of(account_id)]


def told(account_id: int, kind: str) -> list[dict[str, str]]:
    return list(db.session.scalars(select(Event.facts).where(Event.account_id == account_id, Event.kind == kind)))


def revs(*account_ids: int) -> list[int]:
    return list(db.session.scalars(select(Account.rev).where(Account.id.in_(account_ids)).order_by(Account.id)))


def opt_out(channel: str = "sms", address: str = NUMBER, **more: object) -> list[int]:
    given = {"reason": "opted_out", "source": "reply", "now": NOW, "decides": False}
    return suppressions.add(channel, address, **(given | more))  # type: ignore[arg-type]


def test_a_number_that_opts_out_is_left_alone_on_every_account_that_has_it(app: Flask):
    running()
    first, second = a_debtor(email="", phone=NUMBER), a_debtor(email="", phone="20 12 34 56")
    other, copied = a_debtor(email="", phone="+4520123457"), an_account()
    a_contact(copied, email="bo@example.com", phone=NUMBER, cc=True)
    before = revs(first, second, copied)

    assert opt_out() == [first, second, copied]

    assert waiting_and_why(first) == waiting_and_why(second) == [("sms", "cancelled", "opted_out")]
    assert waiting_and_why(other) == [("sms", "queued", "")]
    assert all(after > was for after, was in zip(revs(first, second, copied), before, strict=True))
    facts = {"channel": "sms", "address": NUMBER, "reason": "opted_out", "source": "reply"}
    assert [told(account, "address_suppressed") for account in (first, copied, other)] == [[facts], [facts], []]
    assert queries.standing("sms", [NUMBER, "+4520123457"]) == {NUMBER: "opted_out"}
    assert queries.standing("call", [NUMBER]) == {}


def test_saying_it_again_changes_nothing(app: Flask):
    account = a_debtor(email="", phone=NUMBER)
    opt_out()
    before = revs(account)

    assert opt_out() == []
    assert (revs(account), len(told(account, "address_suppressed"))) == (before, 1)
    assert opt_out(reason="invalid") == [account]
    assert queries.standing("sms", [NUMBER]) == {NUMBER: "opted_out"}


def test_an_e_mail_address_is_one_in_any_letters(app: Flask):
    running()
    account = a_debtor(email="Mette@Example.com", phone=NUMBER)

    assert opt_out("email", " METTE@example.com ", reason="bounced", source="event") == [account]

    assert waiting_and_why(account) == [("email", "cancelled", "bounced")]
    assert queries.standing("email", ["mette@EXAMPLE.com"]) == {"mette@example.com": "bounced"}


def test_a_person_lifts_it_with_a_note(app: Flask):
    account = a_debtor(email="", phone=NUMBER)
    opt_out()
    key = db.session.scalars(select(Suppression.id)).one()

    with pytest.raises(Refused):
        suppressions.lift(key, note=" ", now=NOW, by_id=None)
    suppressions.lift(key, note="She called and asked for it", now=NOW, by_id=None)
    suppressions.lift(key, note="Twice", now=NOW, by_id=None)

    assert queries.standing("sms", [NUMBER]) == {}
    assert len(told(account, "suppression_lifted")) == 1
    assert opt_out() == [account]


def test_opting_in_ends_an_opt_out_and_nothing_else(app: Flask):
    a_debtor(email="", phone=NUMBER)
    opt_out()
    opt_out(reason="invalid")

    suppressions.opt_in("sms", NUMBER, now=NOW)

    assert queries.standing("sms", [NUMBER]) == {NUMBER: "invalid"}


@pytest.mark.parametrize(("channel", "address"), [("sms", "12"), ("email", "nobody"), ("email", ""), ("fax", NUMBER)])
def test_what_is_no_address_is_refused(app: Flask, channel: str, address: str):
    with pytest.raises(Refused):
        opt_out(channel, address)


def test_a_copy_goes_to_nobody_who_opted_out(app: Flask):
    running()
    account = a_debtor(email="mette@example.com")
    a_contact(account, email="Bo@example.com", cc=True)
    a_contact(account, email="ib@example.com", cc=True)
    opt_out("email", "bo@example.com")
    outbox = Recorder()

    messages.send_due(NOW, senders=senders(outbox))

    assert [(sent.to, sent.cc) for sent in outbox.sent] == [("mette@example.com", ("ib@example.com",))]


def test_a_stop_between_queueing_and_sending_cancels(app: Flask):
    running()
    first, second = a_debtor(email="", phone=NUMBER), a_debtor(email="bo@example.com", phone=NUMBER)
    other = a_debtor(email="", phone="+4520123457")
    outbox = Recorder()

    opt_out(decides=True)
    automation.run(NOW)
    messages.send_due(NOW, senders=senders(outbox))

    assert waiting_and_why(first) == [("sms", "cancelled", "opted_out")]
    assert waiting_and_why(second) == [("email", "sent", "")]
    assert waiting_and_why(other) == [("sms", "sent", "")]
    assert sorted(sent.to for sent in outbox.sent) == ["+4520123457", "bo@example.com"]
