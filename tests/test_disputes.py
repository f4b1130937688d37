"""Disputes day by day: what rests, what is chased meanwhile, and how each way out goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import an_entry
from tests.stories import MONDAY, Story, days
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.extensions import db
from wiseops.models import Allocation, Company, Dispute, Message, Task
from wiseops.services import allocations, automation, disputes, entries, messages, tasks

pytestmark = pytest.mark.usefixtures("app")
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], ids=["sqlite"], indirect=True)
"""Stories of rules alone; those beside them ask each database what the ledger says."""


def a_reminded_story() -> tuple[Story, int]:
    """Step 1 went on day 3; it is the morning of day 8."""
    story = Story()
    invoice = story.owes("1", due=MONDAY)
    story.morning_of(days(8))
    return story, invoice


def the_tasks() -> list[tuple[str, str]]:
    return [(task.kind, task.status) for task in db.session.scalars(select(Task).order_by(Task.id))]


@on_one_database
def test_a_part_rests_and_the_rest_is_chased_with_its_figure():
    story, invoice = a_reminded_story()
    story.disputes(invoice, "400.00 DKK", days=20)
    assert (story.collectable, story.account.held) == ({"DKK": 60_000}, None)
    assert "dispute_part" in story.reasons

    story.until(days(10))
    assert story.told[1:] == [(days(10), 2, "email", ["1"], [])]
    assert "600.00" in story.post.letters[-1].body
    assert "1,000.00" not in story.post.letters[-1].body


@on_one_database
def test_the_whole_of_one_of_three_rests_and_the_others_are_chased():
    story = Story()
    story.owes("1", "1000.00 DKK", due=MONDAY)
    chosen = story.owes("2", "300.00 DKK", due=MONDAY)
    story.owes("3", "50.00 DKK", due=MONDAY)
    story.morning_of(days(2))
    story.disputes(chosen, days=30)
    story.until(days(3))
    assert story.told == [(days(3), 1, "email", ["1", "3"], [])]
    assert "1,050.00" in story.post.letters[0].body


@on_one_database
def test_rejected_it_goes_on_with_the_next_step_after_the_gap():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice)
    assert (story.account.held, story.collectable, story.stage) == ("dispute", {}, "engaged")
    story.morning_of(days(21))
    assert story.steps == [(days(3), 1)]

    story.rules(dispute, "rejected")
    story.until(days(21))
    assert (story.disputed, story.steps) == (["rejected"], [(days(3), 1), (days(21), 2)])


def test_upheld_it_rests_until_its_credit_note_and_then_the_account_is_clear():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice, "400.00 DKK")
    story.until(days(10))
    story.rules(dispute, "upheld")
    story.pays("600.00 DKK", number="p", to="1")
    assert (story.collectable, story.account.held, story.disputed) == ({}, "dispute", ["upheld"])
    story.until(days(20))
    assert (len(story.steps), the_tasks()) == (2, [("dispute_credit", "open")])

    story.credits("400.00 DKK", number="c", to="1")
    assert (story.stage, story.disputed) == ("clear", ["credited"])
    assert the_tasks() == [("dispute_credit", "cancelled")]


def test_a_credit_note_frees_the_rest_of_the_invoice_from_its_dispute():
    story, invoice = a_reminded_story()
    story.rules(story.disputes(invoice, "400.00 DKK"), "upheld")
    story.credits("300.00 DKK", number="c1", to="1")
    assert (story.collectable, story.disputed) == ({"DKK": 60_000}, ["upheld"])

    note = story.credits("100.00 DKK", number="c2", to="1")
    assert (story.collectable, story.disputed) == ({"DKK": 60_000}, ["credited"])

    story.takes_back(note)
    assert (story.collectable, story.disputed) == ({"DKK": 60_000}, ["upheld"])


@on_one_database
def test_split_one_part_waits_for_its_credit_note_and_the_other_is_chased():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice)
    with pytest.raises(Refused, match=r"At most 1000\.00 DKK"):
        story.rules(dispute, "split", "1000.01 DKK")
    story.rules(dispute, "split", "300.00 DKK")
    assert (story.collectable, story.disputed) == ({"DKK": 70_000}, ["split"])
    story.until(days(10))
    assert "700.00" in story.post.letters[-1].body
    story.credits("300.00 DKK", number="c", to="1")
    assert (story.collectable, story.disputed) == ({"DKK": 70_000}, ["credited"])


@on_one_database
def test_in_two_currencies_each_rests_alone():
    story = Story()
    story.owes("1", "1000.00 DKK", due=MONDAY)
    euros = story.owes("2", "200.00 EUR", due=MONDAY)
    story.morning_of(days(2))
    with pytest.raises(Refused, match="It is in EUR") as refused:
        story.disputes(euros, "100.00 DKK")
    assert refused.value.field == "amount"
    story.disputes(euros)
    story.until(days(3))
    assert (story.told, story.collectable) == ([(days(3), 1, "email", ["1"], [])], {"DKK": 100_000})


@on_one_database
def test_a_dispute_between_queueing_and_sending_cancels_or_lowers_the_message():
    for amount, rest in ((None, None), ("400.00 DKK", "600.00")):
        story = Story()
        invoice = story.owes("1", due=MONDAY)
        story.morning_of(days(3))
        story.now += timedelta(hours=3)
        automation.run(story.now)
        story.disputes(invoice, amount)
        sent = messages.send_due(story.now, senders={"email": story.post, "file": story.post}).sent
        if rest is None:
            assert (sent, db.session.scalars(select(Message.reason)).all()) == (0, ["dispute"])
        else:
            assert sent == 1
            assert rest in story.post.letters[0].body


def test_its_deadline_makes_a_task_for_its_owner_once_and_the_decision_ends_it():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice, days=4)
    story.until(days(12))
    assert the_tasks() == []
    story.until(days(14))
    assert the_tasks() == [("dispute_due", "open")]
    with pytest.raises(Refused, match="Decide the dispute"):
        tasks.complete(db.session.scalars(select(Task.id)).one(), outcome="Asked", now=story.now)
    story.rules(dispute, "withdrawn")
    assert (the_tasks(), story.disputed) == ([("dispute_due", "cancelled")], ["withdrawn"])
    assert story.collectable == {"DKK": 100_000}


@on_one_database
def test_an_imported_figure_and_a_dispute_tell_of_the_same_and_the_larger_rests():
    story, invoice = a_reminded_story()
    entries.update(invoice, due_on=MONDAY, disputed=40_000, payment_reference="", now=story.now, by_id=None)
    dispute = story.disputes(invoice, "300.00 DKK")
    assert story.collectable == {"DKK": 60_000}
    entries.update(invoice, due_on=MONDAY, disputed=0, payment_reference="", now=story.now, by_id=None)
    assert story.collectable == {"DKK": 70_000}
    story.rules(dispute, "rejected")
    assert story.collectable == {"DKK": 100_000}


@on_one_database
def test_payments_cap_it_and_paying_all_of_it_settles_it():
    story, invoice = a_reminded_story()
    story.disputes(invoice, "400.00 DKK")
    story.pays("700.00 DKK", number="p1", to="1")
    assert (story.collectable, story.account.held) == ({}, "dispute")
    last = story.pays("300.00 DKK", number="p2", to="1")
    assert (story.stage, story.disputed) == ("clear", ["settled"])

    story.takes_back(last)
    assert (story.disputed, story.collectable) == (["open"], {})


def test_the_second_is_told_who_was_first_and_the_same_form_makes_one():
    story, invoice = a_reminded_story()
    claim = disputes.Claim(Money(10_000, "DKK"), "other", days(20))
    for _ in range(2):
        disputes.open(story.account_id, invoice, claim, token="t", now=story.now, by_id=None)
    with pytest.raises(Refused, match=r"noted a dispute of 100\.00 DKK"):
        disputes.open(story.account_id, invoice, claim, token="u", now=story.now, by_id=None)
    assert story.disputed == ["open"]


@on_one_database
def test_it_is_changed_until_it_is_decided():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice, "100.00 DKK", days=2)
    claim = disputes.Claim(Money(20_000, "DKK"), "paid", days(30), notes="Sent us a receipt")
    disputes.change(story.account_id, dispute, claim, now=story.now, by_id=None)
    assert story.collectable == {"DKK": 80_000}
    story.until(days(20))
    assert the_tasks() == []
    story.rules(dispute, "upheld")
    with pytest.raises(Refused, match="upheld"):
        disputes.change(story.account_id, dispute, claim, now=story.now, by_id=None)
    with pytest.raises(Refused, match="upheld"):
        story.rules(dispute, "rejected")
    assert db.session.scalars(select(Dispute.ground)).one() == "paid"


def two_invoices(*, dispute: str | None = "300.00 DKK") -> tuple[Story, int]:
    """A of 1000 is older than B of 500; a part of A, or all, is disputed and must not be decided soon."""
    story = Story()
    older = story.owes("A", "1000.00 DKK", due=MONDAY)
    story.owes("B", "500.00 DKK", due=days(1))
    story.morning_of(days(4))
    return story, story.disputes(older, dispute, days=30)


def test_a_payment_that_names_nothing_pays_what_was_demanded_and_leaves_what_rests():
    story, _ = two_invoices()
    assert story.collectable == {"DKK": 120_000}
    story.pays("1200.00 DKK", number="p")
    assert (story.collectable, story.account.held, story.disputed) == ({}, "dispute", ["open"])

    story.pays("100.00 DKK", number="q")
    assert (story.collectable, story.disputed) == ({}, ["open"])
    story.pays("200.00 DKK", number="r")
    assert (story.stage, story.disputed) == ("clear", ["settled"])


@on_one_database
def test_what_was_upheld_is_left_by_payments_that_name_nothing_and_its_credit_note_still_asked_for():
    story, dispute = two_invoices(dispute=None)
    story.rules(dispute, "upheld")
    story.pays("500.00 DKK", number="p")
    assert (story.collectable, story.disputed) == ({}, ["upheld"])
    assert the_tasks() == [("dispute_credit", "open")]


@on_one_database
def test_a_credit_note_that_names_nothing_leaves_what_rests_and_one_that_names_it_ends_the_dispute():
    story, dispute = two_invoices()
    story.rules(dispute, "upheld")
    story.credits("400.00 DKK", number="c", to="")
    assert (story.collectable, story.disputed) == ({"DKK": 80_000}, ["upheld"])
    story.credits("300.00 DKK", number="d", to="A")
    assert (story.collectable, story.disputed) == ({"DKK": 80_000}, ["credited"])


@on_one_database
def test_credit_that_nobody_allocates_is_taken_against_what_is_demanded_first():
    db.session.get_one(Company, 1).credit_allocation = False
    db.session.commit()
    story, _ = two_invoices()
    story.pays("1000.00 DKK", number="p")
    assert (story.collectable, story.disputed) == ({"DKK": 20_000}, ["open"])
    story.until(story.today)


@pytest.mark.parametrize("kind", ["write_off", "credit_note"])
@on_one_database
def test_a_write_off_or_credit_of_what_is_not_disputed_leaves_an_undecided_dispute_as_it_is(kind: str):
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice, "300.00 DKK")
    story.pays("200.00 DKK", number="p", to="1")
    an_entry(story.account_id, "500.00 DKK", kind=kind, number="w", on=story.today, now=story.now, allocate_to="1")
    assert (story.collectable, story.account.held, story.disputed) == ({}, "dispute", ["open"])

    story.rules(dispute, "split", "100.00 DKK")
    assert (story.collectable, story.disputed) == ({"DKK": 20_000}, ["split"])


def test_an_older_credit_allocated_again_lowers_no_dispute():
    db.session.get_one(Company, 1).credit_allocation = False
    db.session.commit()
    story, invoice = a_reminded_story()
    older = story.credits("200.00 DKK", number="c", to="1")
    story.rules(story.disputes(invoice, "300.00 DKK"), "upheld")
    assert story.collectable == {"DKK": 50_000}

    (allocation,) = db.session.scalars(select(Allocation.id).where(Allocation.credit_id == older))
    allocations.undo(allocation, now=story.now, by_id=None)
    assert story.collectable == {"DKK": 50_000}
    note = story.credits("100.00 DKK", number="n", to="1")
    allocations.allocate(invoice, older, 20_000, now=story.now, by_id=None)
    assert (story.collectable, story.disputed) == ({"DKK": 50_000}, ["upheld"])
    story.takes_back(note)
    assert story.collectable == {"DKK": 50_000}


@on_one_database
def test_the_whole_of_an_item_rests_whatever_is_paid_and_taken_back():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice)
    payment = story.pays("400.00 DKK", number="p", to="1")
    story.rules(dispute, "upheld")
    story.takes_back(payment)
    assert (story.collectable, story.account.held, story.disputed) == ({}, "dispute", ["upheld"])
    story.credits("1000.00 DKK", number="c", to="1")
    assert (story.stage, story.disputed) == ("clear", ["credited"])


@on_one_database
def test_taken_back_its_owner_is_asked_again():
    story, invoice = a_reminded_story()
    dispute = story.disputes(invoice, "400.00 DKK", days=4)
    story.until(days(14))
    payment = story.pays("1000.00 DKK", number="p", to="1")
    assert (the_tasks(), story.disputed) == ([("dispute_due", "cancelled")], ["settled"])
    story.takes_back(payment)
    assert (the_tasks(), story.disputed) == ([("dispute_due", "open")], ["open"])

    story.rules(dispute, "upheld")
    note = story.credits("400.00 DKK", number="c", to="1")
    assert (the_tasks()[-1], story.disputed) == (("dispute_credit", "cancelled"), ["credited"])
    story.takes_back(note)
    assert the_tasks() == [("dispute_due", "cancelled"), ("dispute_credit", "open")]
    story.until(days(15))
