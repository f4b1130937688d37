"""Promises day by day: what each keeps, when it is kept or broken, and what the engine does then."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from tests.stories import MONDAY, Story, days
from tests.threads import together
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Entry, Message, Promise, Task
from wiseops.services import automation, entries, messages, promises

pytestmark = pytest.mark.usefixtures("app")
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], ids=["sqlite"], indirect=True)
"""Stories of rules alone."""


def a_reminded_story(*, promise: str = "1000.00 DKK", days_ahead: int = 14) -> Story:
    """Step 1 went on day 3; on the morning of day 8 the customer promises for day `8 + days_ahead`."""
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    story.promises(promise, on=days(8 + days_ahead))
    return story


def test_kept_by_one_payment():
    story = a_reminded_story(days_ahead=6)
    assert (story.account.held, story.collectable, story.stage) == ("promise", {}, "engaged")

    story.until(days(14))
    story.pays("1000.00 DKK", number="p")
    story.until(days(40))
    assert (story.promised, story.stage) == (["kept"], "clear")
    assert story.steps == [(days(3), 1)]
    assert [(task.kind, task.status) for task in db.session.scalars(select(Task))] == [("promise_due", "cancelled")]


def test_kept_by_several_payments_and_what_came_covers_nothing_any_more():
    story = a_reminded_story(days_ahead=10)
    story.owes("2", "300.00 DKK", due=days(9))
    story.until(days(10))
    assert story.collectable == {"DKK": 30_000}

    story.pays("400.00 DKK", number="p1", to="1")
    assert story.collectable == {"DKK": 30_000}
    story.until(days(12))
    story.pays("600.00 DKK", number="p2", to="1")
    story.until(days(13))
    assert (story.promised, story.collectable) == (["kept"], {"DKK": 30_000})


def test_kept_late_within_grace():
    story = a_reminded_story(days_ahead=6)
    story.morning_of(days(16))
    assert (story.promised, story.tasks) == (["open"], ["promise_due"])

    story.pays("1000.00 DKK", number="p")
    story.until(days(40))
    assert (story.promised, story.steps) == (["kept_late"], [(days(3), 1)])


def test_part_kept_the_rest_is_chased_with_its_figure():
    story = a_reminded_story(days_ahead=6)
    story.morning_of(days(10))
    story.pays("400.00 DKK", number="p")
    story.until(days(16))
    assert (story.promised, story.account.held) == (["open"], "promise")

    story.until(days(17))
    assert (story.promised, story.tasks) == (["part_kept"], ["promise_due", "promise_broken"])
    assert story.told[1:] == [(days(17), 2, "email", ["1"], [])]
    assert "600.00" in story.post.letters[-1].body


def test_broken_it_goes_on_with_the_next_step_at_the_next_allowed_moment():
    story = a_reminded_story(days_ahead=9)
    story.until(days(19))
    assert (story.promised, story.steps) == (["open"], [(days(3), 1)])

    story.until(days(20))  # A Sunday: the next step goes on Monday.
    assert (story.promised, story.tasks) == (["broken"], ["promise_due", "promise_broken"])
    story.until(days(21))
    assert story.steps == [(days(3), 1), (days(21), 2)]
    promise = db.session.scalars(select(Promise)).one()
    assert (promise.judged_on, promise.received) == (days(20), 0)


def test_broken_the_gap_counts_from_the_last_contact():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(4))
    story.promises("1000.00 DKK", on=days(4))
    story.until(days(9))
    assert (story.promised, story.steps) == (["broken"], [(days(3), 1)])
    story.until(days(10))
    assert story.steps == [(days(3), 1), (days(10), 2)]


def test_replaced_the_new_day_counts_and_only_it():
    story = a_reminded_story(days_ahead=2)
    first = db.session.scalars(select(Promise.id)).one()
    with pytest.raises(Refused, match="Replace or cancel"):
        story.promises("1000.00 DKK", on=days(20))
    story.promises("900.00 DKK", on=days(20), replaces_id=first, reason="Salary comes later")
    story.until(days(20))
    assert (story.promised, story.steps) == (["replaced", "open"], [(days(3), 1), (days(10), 2)])
    assert story.collectable == {"DKK": 10_000}


def test_cancelled_it_covers_nothing():
    story = a_reminded_story()
    promise = db.session.scalars(select(Promise.id)).one()
    with pytest.raises(Refused, match="why"):
        promises.cancel(story.account_id, promise, reason=" ", now=story.now, by_id=None)
    promises.cancel(story.account_id, promise, reason="Misheard", now=story.now, by_id=None)
    assert story.collectable == {"DKK": 100_000}
    with pytest.raises(Refused, match="not open"):
        promises.cancel(story.account_id, promise, reason="Again", now=story.now, by_id=None)


def test_covering_one_of_three_invoices_the_rest_is_chased():
    story = Story()
    chosen = story.owes("1", "1000.00 DKK", due=MONDAY)
    story.owes("2", "300.00 DKK", due=MONDAY)
    story.owes("3", "50.00 DKK", due=MONDAY)
    story.morning_of(days(2))
    story.promises("1000.00 DKK", on=days(20), items=(chosen,))
    story.until(days(10))
    assert story.told == [(days(3), 1, "email", ["2", "3"], []), (days(10), 2, "email", ["2", "3"], [])]
    assert "350.00" in story.post.letters[0].body


def test_in_two_currencies_each_holds_its_own():
    story = Story()
    story.owes("1", "1000.00 DKK", due=MONDAY)
    story.owes("2", "200.00 EUR", due=MONDAY)
    story.morning_of(days(2))
    story.promises("1000.00 DKK", on=days(15))
    story.promises("200.00 EUR", on=days(4))
    story.morning_of(days(4))
    assert (story.steps, story.account.held) == ([], "promise")
    story.pays("200.00 DKK", number="p")
    story.until(days(7))
    assert story.promised == ["open", "broken"]
    assert story.told == [(days(7), 1, "email", ["2"], [])]


def test_instalments_break_at_the_first_that_is_missed():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    story.promises("1000.00 DKK", ("500.00", days(10)), ("500.00", days(17)))
    story.until(days(10))
    story.pays("500.00 DKK", number="p")
    story.until(days(19))
    assert (story.promised, story.tasks) == (["open"], ["promise_due", "promise_due"])
    story.until(days(20))
    assert story.promised == ["part_kept"]


def test_a_promise_between_queueing_and_sending_cancels_or_lowers_the_message():
    for amount, rest in (("1000.00 DKK", None), ("400.00 DKK", "600.00")):
        story = Story()
        story.owes("1", due=MONDAY)
        story.morning_of(days(3))
        story.now += timedelta(hours=3)
        automation.run(story.now)
        story.promises(amount, on=days(9))
        sent = messages.send_due(story.now, senders={"email": story.post, "file": story.post}).sent
        if rest is None:
            assert (sent, db.session.scalars(select(Message.reason)).all()) == (0, ["promise"])
        else:
            assert sent == 1
            assert rest in story.post.letters[0].body


def test_credit_that_lay_there_before_keeps_no_promise():
    story = Story()
    story.owes("1", due=MONDAY)
    story.pays("300.00 DKK", number="before", to="unknown")
    story.morning_of(days(8))
    assert story.collectable == {"DKK": 70_000}
    with pytest.raises(Refused, match=r"At most 700\.00 DKK") as refused:
        story.promises("700.01 DKK", on=days(12))
    assert refused.value.field == "amount_0_DKK"
    story.promises("700.00 DKK", on=days(12))
    story.until(days(15))
    assert story.promised == ["broken"]


def test_a_payment_that_bounces_keeps_nothing():
    story = a_reminded_story(days_ahead=6)
    story.morning_of(days(9))
    payment = story.pays("400.00 DKK", number="p")
    story.until(days(10))
    story.takes_back(payment)
    assert story.collectable == {}
    story.until(days(17))
    assert story.promised == ["broken"]


def test_what_is_disputed_cannot_be_promised():
    story = Story()
    invoice = story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    entries.update(invoice, due_on=MONDAY, disputed=60_000, payment_reference="", now=story.now, by_id=None)
    with pytest.raises(Refused, match=r"At most 400\.00 DKK"):
        story.promises("500.00 DKK", on=days(9))
    story.promises("400.00 DKK", on=days(9))
    assert (story.collectable, story.account.held) == ({}, "dispute")


@pytest.mark.parametrize("verdict", [None, "rejected"])
@on_one_database
def test_what_was_disputed_later_and_rests_on_its_day_is_not_held_against_it(verdict: str | None):
    story = Story()
    older = story.owes("A", "1000.00 DKK", due=MONDAY)
    story.owes("B", "500.00 DKK", due=days(1))
    story.morning_of(days(4))
    story.promises("1500.00 DKK", on=days(10))
    dispute = story.disputes(older, "300.00 DKK", days=30)
    story.pays("1200.00 DKK", number="p")
    story.morning_of(days(9))
    if verdict:
        story.rules(dispute, verdict)
    story.until(days(10))
    assert story.promised == ["open"]

    story.until(days(13))
    if verdict == "rejected":
        assert (story.promised, story.tasks) == (["part_kept"], ["promise_due", "promise_broken"])
    else:
        assert (story.promised, "promise_broken" in story.tasks) == (["kept"], False)


@on_one_database
def test_credited_for_its_dispute_it_is_kept_and_rejected_after_its_day_it_stays_so_and_the_rest_is_chased():
    for verdict in ("upheld", "rejected"):
        story = a_reminded_story(days_ahead=6)
        invoice = db.session.scalars(select(Entry.id).where(Entry.account_id == story.account_id)).one()
        dispute = story.disputes(invoice, "300.00 DKK", days=30)
        story.pays("700.00 DKK", number="p", to="1")
        if verdict == "upheld":
            story.rules(dispute, verdict)
            story.credits("300.00 DKK", number="c", to="1")
            assert (story.promised, story.stage) == (["kept"], "clear")
            continue
        story.until(days(15))
        assert (story.promised[1:], story.collectable) == (["kept"], {})
        story.now += timedelta(hours=9)
        story.rules(dispute, verdict)
        assert (story.promised[1:], story.collectable) == (["kept"], {"DKK": 30_000})


def test_an_instalment_that_could_not_be_paid_is_due_with_the_next_once_the_dispute_is_rejected():
    story = Story()
    invoice = story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    story.promises("1000.00 DKK", ("500.00", days(10)), ("500.00", days(20)))
    dispute = story.disputes(invoice, "600.00 DKK", days=30)
    story.pays("400.00 DKK", number="p", to="1")
    story.morning_of(days(14))
    story.rules(dispute, "rejected")
    story.until(days(15))
    assert (story.promised, story.tasks) == (["open"], [])
    story.pays("600.00 DKK", number="q", to="1")
    assert (story.promised, story.stage) == (["kept"], "clear")


@on_one_database
def test_disputed_as_a_whole_nothing_is_said_of_it():
    story = a_reminded_story(days_ahead=6)
    invoice = db.session.scalars(select(Entry.id)).one()
    story.disputes(invoice, days=30)
    story.until(days(20))
    assert (story.promised, story.tasks) == (["cancelled"], [])
    assert db.session.scalars(select(Promise.end_reason)).one() == "All of it was disputed."


def test_two_people_at_once_make_one_promise_and_the_second_is_told(app: Flask):
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    account, now, draft = story.account_id, story.now, promises.Draft("DKK", (promises.Part(50_000, days(9)),))

    def make(token: str) -> str:
        try:
            promises.make(account, [draft], promises.Making(), token=token, now=now, by_id=None)
        except Refused as refused:
            return refused.message
        return ""

    answers = together(app, [partial(make, "a"), partial(make, "b")])

    assert sorted(bool(answer) for answer in answers) == [False, True]
    assert "took a promise of 500.00 DKK" in "".join(answers)
    assert story.promised == ["open"]


def test_what_cannot_be_seen_is_not_kept_and_a_long_note_is_refused_on_its_field():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    draft = promises.Draft("DKK", (promises.Part(50_000, days(9)),))
    given = {"now": story.now, "by_id": None}
    with pytest.raises(Refused) as refused:
        promises.make(story.account_id, [draft], promises.Making(notes="å" * 5000), **given)
    assert refused.value.field == "notes"
    promises.make(story.account_id, [draft], promises.Making(notes="Pays\x07 \x1b\u200fשלום\r\non Friday"), **given)
    assert db.session.scalars(select(Promise.notes)).one() == "Pays \u200fשלום\non Friday"
    with pytest.raises(Refused):
        promises.cancel(story.account_id, 1, reason="\x07", **given)


def test_the_same_form_twice_makes_one_promise():
    story = Story()
    story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    draft = promises.Draft("DKK", (promises.Part(50_000, days(9)),))
    for _ in range(2):
        promises.make(story.account_id, [draft], promises.Making(), token="t", now=story.now, by_id=None)
    assert story.promised == ["open"]
