"""What leaves, what does not, and what a failure does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, a_contact, a_debtor, a_payment, an_entry, running
from tests.outboxes import Recorder, failing, messages_of, senders, statuses, the_message
from wiseops.domain.entries import Kind, Posting
from wiseops.domain.messages import SLICES, Failure, Outbound, digest
from wiseops.extensions import db
from wiseops.models import (
    Account,
    Channel,
    Company,
    Engagement,
    Entry,
    Event,
    Message,
    MessageItem,
    Template,
    TemplateVersion,
)
from wiseops.queries import automation as queries
from wiseops.services import automation, channels, messages, pauses, postings, templates
from wiseops.services.transaction import transaction

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _running(app: Flask) -> None:
    running()


@pytest.fixture
def outbox() -> Recorder:
    return Recorder()


def send(outbox: Recorder, at=NOW, **more) -> messages.Sending:
    return messages.send_due(at, senders=senders(outbox), **more)


def the_account(account_id: int) -> Account:
    return db.session.get_one(Account, account_id, populate_existing=True)


def pay_unnoticed(account_id: int, minor: int) -> None:
    """Posts a payment without deciding, as an import does half-way: only the last look can know."""
    postings.post([Posting(account_id, Kind.PAYMENT, None, TODAY, None, "DKK", minor)], now=NOW)


def events_of(account_id: int) -> list[str]:
    return list(db.session.scalars(select(Event.kind).where(Event.account_id == account_id).order_by(Event.id)))


def test_a_due_reminder_leaves_and_the_account_is_engaged_at_once(outbox: Recorder):
    account = a_debtor("1250.50 DKK", number="10417", name="Nordlys ApS")

    done = send(outbox)

    assert (done.sent, done.is_finished) == (1, True)
    (mail,) = outbox.sent
    message = the_message(account)
    assert (mail.to, mail.channel, mail.ref) == ("mette@example.com", "email", message.ref)
    assert (message.status, message.sent_at, message.provider_id) == ("sent", NOW, f"id-{message.ref}")
    assert (the_account(account).stage, the_account(account).step) == ("engaged", 2)
    engagement = db.session.get_one(Engagement, message.engagement_id)
    assert (engagement.first_message_on, engagement.last_message_on) == (TODAY, TODAY)
    assert "message_sent" in events_of(account)


def test_the_text_kept_is_the_text_sent_with_the_figures_of_the_ledger(outbox: Recorder):
    account = a_debtor("1250.50 DKK", number="10417", language="da")
    a_payment(account, "250.50 DKK")
    fee = an_entry(account, "100.00 DKK", kind="fee", on=TODAY - timedelta(days=3), due_on=TODAY - timedelta(days=2))

    send(outbox)

    message, (mail,) = the_message(account), outbox.sent
    assert (message.subject, message.body) == (mail.subject, mail.body)
    assert message.sha256 == digest(mail.subject, mail.body)
    assert "10417" in mail.body
    assert "1.100,00\u00a0DKK" in mail.body
    items = db.session.execute(select(MessageItem.entry_id, MessageItem.amount, MessageItem.demanded)).all()
    invoice = db.session.scalars(select(Entry.id).where(Entry.number == "10417")).one()
    assert sorted(items) == sorted([(invoice, 100_000, True), (fee, 10_000, True)])


def test_what_is_overdue_outside_the_engagement_is_listed_and_not_demanded(outbox: Recorder):
    account = a_debtor("100.00 DKK", number="1", due=TODAY - timedelta(days=12))
    send(outbox, NOW - timedelta(days=7))
    later = an_entry(account, "70.00 DKK", number="2", on=TODAY - timedelta(days=20), due_on=TODAY - timedelta(days=3))
    automation.run(NOW)

    send(outbox)

    second = messages_of(account)[-1]
    items = select(MessageItem.entry_id, MessageItem.amount, MessageItem.demanded).where(
        MessageItem.message_id == second.id
    )
    assert (later, 7_000, False) in [tuple(row) for row in db.session.execute(items)]
    assert "100.00" in second.body
    assert "170.00" not in second.body


def test_a_later_try_lists_what_is_owed_then(outbox: Recorder):
    account = a_debtor("100.00 DKK", number="1")
    send(Recorder(answer=failing(Failure.TRY_LATER, "Throttled.")))
    later = an_entry(account, "70.00 DKK", number="2", on=TODAY - timedelta(days=20), due_on=TODAY - timedelta(days=3))

    send(outbox, NOW + timedelta(hours=1))

    items = select(MessageItem.entry_id).where(MessageItem.message_id == the_message(account).id)
    assert later in db.session.scalars(items).all()
    assert len(outbox.sent) == 1


def test_what_is_cancelled_at_a_later_try_still_says_what_it_listed(outbox: Recorder):
    paid, owing = a_debtor("100.00 DKK"), a_debtor("70.00 DKK")
    send(Recorder(answer=failing(Failure.TRY_LATER, "Throttled.")))
    pay_unnoticed(paid, 10_000)

    send(outbox, NOW + timedelta(hours=1))

    assert [the_message(account).status for account in (paid, owing)] == ["cancelled", "sent"]
    listed = select(MessageItem.amount).where(MessageItem.message_id == the_message(paid).id)
    assert db.session.scalars(listed).all() == [10_000]


def test_a_wording_changed_while_messages_leave_is_in_those_that_leave_after(outbox: Recorder):
    for _ in range(SLICES["email"] + 1):
        a_debtor(language="en")
    template = db.session.scalars(select(Template.id).where(Template.name == "Friendly reminder")).one()

    def reword(_outbound: Outbound) -> None:
        templates.save(template, channel="email", language="en", subject="Hello anew", body="{{ totals }}", now=NOW)

    send(Recorder(answer=reword, sent=outbox.sent))

    assert [mail.subject == "Hello anew" for mail in outbox.sent] == [False] * SLICES["email"] + [True]


@pytest.mark.parametrize(("language", "used"), [("da", "da"), ("no", "nb"), ("en", "en"), ("fi", "en"), (None, "en")])
def test_the_account_reads_its_own_language(outbox: Recorder, language: str | None, used: str):
    account = a_debtor(language=language)

    send(outbox)

    message = the_message(account)
    version = db.session.get_one(TemplateVersion, message.template_version_id)
    assert (message.language, version.language, version.channel) == (used, used, "email")


def test_an_unknown_language_is_written_in_the_companys(outbox: Recorder):
    with transaction():
        db.session.get_one(Company, 1).language = "da"
    account = a_debtor(language="fi")

    send(outbox)

    assert the_message(account).language == "da"


def test_nothing_leaves_twice(outbox: Recorder):
    a_debtor()

    send(outbox)
    automation.run(NOW)

    assert send(outbox).sent == 0
    assert len(outbox.sent) == 1


def test_a_payment_between_queueing_and_sending_cancels(outbox: Recorder):
    account = a_debtor("100.00 DKK")
    assert statuses(account) == [("email", "queued")]
    pay_unnoticed(account, 10_000)

    done = send(outbox)

    assert (done.sent, done.cancelled, outbox.sent) == (0, 1, [])
    message = the_message(account)
    assert (message.status, message.reason) == ("cancelled", "clear")
    assert the_account(account).stage == "clear"
    assert "message_cancelled" in events_of(account)


def test_a_block_between_queueing_and_sending_cancels_with_that_reason(outbox: Recorder):
    account = a_debtor()
    with transaction():
        the_account(account).blocked_at = NOW
        automation.touch([account])

    send(outbox)

    assert (the_message(account).status, the_message(account).reason, outbox.sent) == ("cancelled", "blocked", [])


def test_a_pause_cancels_what_is_queued_and_resuming_decides_anew(outbox: Recorder):
    account = a_debtor()

    pauses.begin(reason="Checking the texts", now=NOW)

    assert send(outbox).sent == 0
    assert (the_message(account).status, the_message(account).reason) == ("cancelled", "paused")
    pauses.end(now=NOW)
    automation.run(NOW)
    assert send(outbox).sent == 1


def test_a_pause_that_comes_between_claim_and_look_stops_the_message(outbox: Recorder):
    account = a_debtor()
    with transaction():
        queries.switch().paused = True

    send(outbox)

    assert (the_message(account).status, outbox.sent) == ("queued", [])
    send(outbox, rules=queries.rules())
    assert (the_message(account).status, outbox.sent) == ("queued", [])


def test_while_paused_a_person_still_sends(outbox: Recorder):
    account = a_debtor()
    pauses.begin(reason="Holiday", now=NOW)
    by_hand(account)

    send(outbox)

    assert [mail.body for mail in outbox.sent] == ["Dear Mette, call me."]


def test_stop_all_sending_stops_people_as_well_and_keeps_the_queue(outbox: Recorder):
    account = a_debtor()
    by_hand(account)
    with transaction():
        queries.switch().stopped = True

    send(outbox)

    assert (statuses(account), outbox.sent) == ([("email", "queued"), ("email", "queued")], [])


def by_hand(account_id: int) -> None:
    """A message that a person wrote: text and address are on the row from the beginning."""
    with transaction():
        row = Message(account_id=account_id, channel="email", automated=False, ref="by-hand", queued_at=NOW)
        row.not_before, row.to_address, row.subject, row.body = NOW, "mette@example.com", "Hi", "Dear Mette, call me."
        db.session.add(row)


def test_refused_for_good_goes_to_the_next_channel(outbox: Recorder):
    account = a_debtor(phone="+4520123456")
    email = Recorder(answer=failing(Failure.REJECTED, "No such mailbox."))

    done = messages.send_due(NOW, senders=senders(email, sms=outbox))

    assert (done.failed, done.sent) == (1, 1)
    assert statuses(account) == [("email", "failed"), ("sms", "sent")]
    assert (messages_of(account)[0].reason, outbox.sent[0].to) == ("No such mailbox.", "+4520123456")
    assert outbox.sent[0].subject == ""


def test_undelivered_permits_the_next_channel(outbox: Recorder):
    account = a_debtor(phone="+4520123456")
    send(outbox)
    with transaction():
        the_message(account).status = "undelivered"
        automation.touch([account])
    automation.run(NOW + MINUTE)

    send(outbox, NOW + MINUTE)

    assert statuses(account) == [("email", "undelivered"), ("sms", "sent")]


def test_unknown_is_never_sent_again_and_blocks_the_next_channel(outbox: Recorder):
    account = a_debtor(phone="+4520123456")
    email = Recorder(answer=failing(Failure.UNKNOWN, "No answer after 30 s."))

    done = messages.send_due(NOW, senders=senders(email, sms=outbox))
    automation.run(NOW + MINUTE)
    send(outbox, NOW + MINUTE)

    assert done.unknown == 1
    assert (statuses(account), outbox.sent) == ([("email", "unknown")], [])
    assert the_account(account).stage == "engaged"
    assert the_message(account).reason == "No answer after 30 s."


def test_a_refusal_before_acceptance_is_tried_again_later_each_time_later(outbox: Recorder):
    account = a_debtor()
    busy = Recorder(answer=failing(Failure.TRY_LATER, "Throttled."))

    send(busy)

    first = the_message(account)
    assert (first.status, first.attempts, first.not_before, first.reason) == ("queued", 1, NOW + MINUTE, "Throttled.")
    assert send(busy, NOW + MINUTE / 2).failed == 0
    send(busy, NOW + MINUTE)
    assert (the_message(account).attempts, the_message(account).not_before) == (2, NOW + 6 * MINUTE)
    assert send(outbox, NOW + 6 * MINUTE).sent == 1
    assert len(messages_of(account)) == 1


def test_what_is_refused_again_and_again_fails(outbox: Recorder):
    account = a_debtor(phone="+4520123456")
    with transaction():
        the_message(account).attempts = 7

    messages.send_due(NOW, senders=senders(Recorder(answer=failing(Failure.TRY_LATER, "Throttled.")), sms=outbox))

    assert statuses(account) == [("email", "failed"), ("sms", "sent")]
    assert messages_of(account)[0].reason == "given_up: Throttled."


def test_a_channel_that_takes_nothing_is_stopped_and_the_queue_kept(outbox: Recorder):
    accounts = [a_debtor() for _ in range(3)]
    shut = Recorder(answer=failing(Failure.CHANNEL, "Payment required."))

    send(shut)

    channel = db.session.scalars(select(Channel).where(Channel.name == "email")).one()
    assert (channel.stopped_at, channel.stop_reason) == (NOW, "Payment required.")
    assert [the_message(account).status for account in accounts] == ["queued"] * 3
    assert send(outbox).sent == 0
    channels.start("email", now=NOW, by_id=None)
    assert send(outbox).sent == 3


def test_without_a_wording_the_message_fails_and_the_rest_of_the_slice_goes(outbox: Recorder):
    broken, fine = a_debtor(language="da"), a_debtor(language="en")
    with transaction():
        for version in db.session.scalars(select(TemplateVersion).where(TemplateVersion.language == "da")):
            version.body = "{{ nonsense }}"

    done = send(outbox)

    assert (done.failed, done.sent) == (1, 1)
    assert (the_message(broken).status, the_message(fine).status) == ("failed", "sent")
    assert the_message(broken).reason.startswith("wording: ")


def test_without_any_wording_it_fails_with_that_reason(outbox: Recorder):
    account = a_debtor()
    with transaction():
        for version in db.session.scalars(select(TemplateVersion).where(TemplateVersion.channel == "email")):
            db.session.delete(version)

    send(outbox)

    assert (the_message(account).status, the_message(account).reason) == ("failed", "no_wording")


def test_a_contact_for_legal_matters_only_is_not_written_to(outbox: Recorder):
    account = a_debtor(email="")
    a_contact(account, email="lawyer@example.com", roles=("legal",))

    automation.run(NOW)
    send(outbox)

    assert (messages_of(account), outbox.sent) == ([], [])


def test_a_copy_goes_to_whoever_is_marked_so(outbox: Recorder):
    account = a_debtor()
    a_contact(account, email="book@example.com", cc=True)

    send(outbox)

    assert outbox.sent[0].cc == ("book@example.com",)
    assert the_message(account).cc == ["book@example.com"]


def test_a_trial_goes_to_our_own_address_and_remembers_the_true_one():
    account = a_debtor()
    a_contact(account, email="book@example.com", cc=True)
    with transaction():
        queries.switch().trial_email = "us@example.com"
    real = Recorder(reaches_people=True)

    messages.send_due(NOW, senders=senders(real))

    assert [(mail.to, mail.cc) for mail in real.sent] == [("us@example.com", ())]
    assert (the_message(account).to_address, the_message(account).diverted_to) == (
        "mette@example.com",
        "us@example.com",
    )


def test_a_trial_without_an_own_address_goes_to_a_file():
    account = a_debtor()
    real, file = Recorder(reaches_people=True, name="smtp"), Recorder(name="file")

    messages.send_due(NOW, senders=senders(real, file=file))

    assert (real.sent, [mail.to for mail in file.sent]) == ([], ["mette@example.com"])
    assert the_message(account).backend == "file"


def test_live_mode_goes_to_the_customer():
    a_debtor()
    with transaction():
        queries.switch().mode = "live"
        queries.switch().trial_email = "us@example.com"
    real = Recorder(reaches_people=True)

    messages.send_due(NOW, senders=senders(real))

    assert [mail.to for mail in real.sent] == ["mette@example.com"]


def test_when_its_time_is_up_it_begins_nothing_and_gives_back_what_it_claimed(outbox: Recorder):
    account = a_debtor()

    done = send(outbox, seconds=0.0)

    assert (done.is_finished, outbox.sent) == (False, [])
    assert (the_message(account).status, the_message(account).claimed_by) == ("queued", None)


def test_a_daily_limit_leaves_the_rest_queued(outbox: Recorder):
    for _ in range(3):
        a_debtor()
    with transaction():
        queries.switch().daily_limit = 2

    assert send(outbox).sent == 2
    assert send(outbox).sent == 0
    assert send(outbox, NOW + timedelta(days=1)).sent == 1
