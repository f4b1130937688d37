"""What a reply does to the reminders, told day by day."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, a_user
from tests.stories import Story, days
from wiseops.domain import activities as notes
from wiseops.domain.compositions import Draft
from wiseops.extensions import db
from wiseops.models import Contact, Message, Reply, Task
from wiseops.services import activities, automation, compositions, holds, messages, placements, replies
from wiseops.services.compositions import Sending
from wiseops.services.transaction import transaction

PHONE = "+4520123456"


@pytest.fixture
def story(app: Flask) -> Story:
    told = Story(phone=PHONE)
    told.owes("F1", due=days(0))
    return told


def writes(story: Story, **columns: object) -> int:
    return a_reply_of(story.account_id, now=story.now, **columns)


def a_reply_of(account_id: int, *, now: datetime = NOW, **columns: object) -> int:
    with transaction():
        reply = Reply(account_id=account_id, channel="sms", provider="vonage", from_address=PHONE)
        reply.provider_id, reply.received_at = f"in-{account_id}-{now.isoformat()}", now
        for name, value in columns.items():
            setattr(reply, name, value)
        db.session.add(reply)
        db.session.flush()
        due = replies.hold(reply, now=now)
    automation.decide(due, now)
    return reply.id


def test_a_reply_holds_until_somebody_has_dealt_with_it(story: Story):
    story.morning_of(days(2))
    reply = writes(story)
    story.until(days(3))
    assert (story.steps, story.account.held, story.stage) == ([], "reply", "scheduled")

    story.morning_of(days(4))
    replies.handle(reply, seen_at=story.account_id, now=story.now, by_id=None)

    assert story.account.held is None
    story.until(days(4))
    assert story.steps == [(days(4), 1)]


def test_after_some_days_a_manager_is_told_and_reminders_go_on(story: Story):
    story.morning_of(days(2))
    reply = writes(story)

    story.until(days(6))
    assert (story.steps, story.tasks) == ([], [])
    story.until(days(7))

    assert (story.steps, story.tasks) == ([(days(7), 1)], ["reply_waits"])
    replies.handle(reply, seen_at=story.account_id, now=story.now, by_id=None)
    assert list(db.session.scalars(select(Task.status))) == ["cancelled"]


def test_what_answers_by_itself_holds_nothing(story: Story):
    story.morning_of(days(2))
    writes(story, automatic=True)

    story.until(days(3))

    assert (story.steps, story.account.held) == ([(days(3), 1)], None)


def test_a_reply_between_queueing_and_sending_cancels(story: Story):
    story.until(days(2))
    story.now = story.account.wake_at
    automation.run(story.now)
    reply = writes(story)

    messages.send_due(story.now, senders={"email": story.post})

    held = db.session.scalars(select(Message)).one()
    assert (held.status, held.reason, story.post.letters) == ("cancelled", "reply", [])
    story.until(days(3))
    replies.handle(reply, seen_at=story.account_id, now=story.now, by_id=None)
    story.until(days(4))
    assert story.steps == [(days(4), 1)]


def test_an_answer_deals_with_it_and_is_a_contact_before_it_has_left(story: Story):
    story.morning_of(days(3))
    writes(story)
    story.now += timedelta(hours=3)
    contact = db.session.scalars(select(Contact.id)).one()

    draft = Draft(channel="sms", to=contact, body="Thank you, that is fine.")
    message = compositions.send(story.account_id, draft, Sending("form"), now=story.now, by=a_user())

    assert (story.account.held, story.reasons[0]) == (None, "gap")
    assert story.reasons[0] == "gap"
    compositions.withdraw(story.account_id, message, now=story.now, by_id=None)
    assert story.account.held == "reply"


def test_a_hold_can_last_until_they_answer(story: Story):
    until = days(20)
    holds.hold(story.account_id, until=until, until_reply=True, reason="", now=story.now, by_id=None)
    story.morning_of(days(4))
    assert story.account.held == "hold"

    reply = writes(story)
    assert (story.account.held, story.account.hold_until) == ("reply", None)
    replies.handle(reply, seen_at=story.account_id, now=story.now, by_id=None)

    story.until(days(4))
    assert story.steps == [(days(4), 1)]


def test_an_answer_to_a_mail_deals_with_it_whoever_wrote_it(story: Story):
    mail = {"channel": "email", "provider": "email", "mail_id": "<1@k.example>", "from_address": "boss@k.example"}
    a_reply_of(story.account_id, now=story.now, **mail)
    contact = db.session.scalars(select(Contact.id)).one()

    draft = Draft("email", contact, "You have until Friday.", "Re: Invoice", in_reply_to="<1@k.example>")
    story.now += timedelta(hours=9)
    compositions.send(story.account_id, draft, Sending("form"), now=story.now, by=a_user())

    assert list(db.session.scalars(select(Reply.handled_at))) == [story.now]


def test_what_arrives_while_an_answer_or_a_note_is_being_written_still_waits_and_holds(story: Story):
    story.morning_of(days(3))
    first = writes(story)
    story.now += timedelta(hours=3)
    second = writes(story)
    contact = db.session.scalars(select(Contact.id)).one()
    still_waiting = select(Reply.id).where(Reply.handled_at.is_(None))

    draft = Draft(channel="sms", to=contact, body="Thank you, that is fine.", seen=first)
    compositions.send(story.account_id, draft, Sending("form"), now=story.now, by=a_user())
    assert (list(db.session.scalars(still_waiting)), story.account.held) == ([second], "reply")
    story.now += timedelta(hours=1)
    third = writes(story)
    note = notes.Draft(kind="note", notes="They called", handles=True, seen=second)
    activities.add(story.account_id, note, now=story.now, by_id=None)

    assert (list(db.session.scalars(still_waiting)), story.account.held) == ([third], "reply")


def test_an_answer_taken_back_leaves_the_reply_waiting_and_the_reminders_held(story: Story):
    story.morning_of(days(2))
    reply = writes(story)
    story.until(days(7))
    story.morning_of(days(8))
    contact = db.session.scalars(select(Contact.id)).one()
    draft = Draft(channel="sms", to=contact, body="Thank you, that is fine.")

    message = compositions.send(story.account_id, draft, Sending("form"), now=story.now, by=a_user())
    assert list(db.session.scalars(select(Task.status))) == ["cancelled"]
    second = writes(story)
    replies.handle(second, seen_at=story.account_id, now=story.now, by_id=None)
    compositions.withdraw(story.account_id, message, now=story.now, by_id=None)

    waiting = select(Reply.id).where(Reply.handled_at.is_(None))
    assert list(db.session.scalars(waiting)) == [reply]
    assert list(db.session.scalars(select(Task.status))) == ["open"]


def test_of_two_answers_the_one_that_goes_counts(story: Story):
    story.morning_of(days(8))
    writes(story)
    contact = db.session.scalars(select(Contact.id)).one()
    drafts = [Draft(channel="sms", to=contact, body=body) for body in ("That is fine.", "Until Friday.")]
    first, second = (
        compositions.send(story.account_id, draft, Sending(draft.body), now=story.now, by=a_user()) for draft in drafts
    )

    compositions.withdraw(story.account_id, first, now=story.now, by_id=None)
    assert (db.session.scalars(select(Reply.answered_by_id)).one(), story.account.held) == (second, None)
    compositions.withdraw(story.account_id, second, now=story.now, by_id=None)
    assert (db.session.scalars(select(Reply.answered_by_id)).one(), story.account.held) == (None, "reply")


def test_a_reply_that_finds_its_account_late_holds_it_from_then(story: Story):
    story.morning_of(days(2))
    stray = writes(story)
    with transaction():
        db.session.get_one(Reply, stray).account_id = None
        automation.touch([story.account_id])
    story.morning_of(days(20))
    assert story.account.held is None

    placements.assign(stray, story.account_id, now=story.now, by_id=None)

    assert story.account.held == "reply"
    story.until(days(24))
    assert story.account.held == "reply"
    story.until(days(27))
    assert story.account.held is None
