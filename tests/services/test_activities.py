"""Activities: noted once, followed up, and a call is a contact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import NOW, TODAY, a_contact, a_debtor, a_user, an_account, an_entry, running
from wiseops.domain.activities import LONGEST_NOTES, Draft
from wiseops.domain.dispositions import follow_up_on
from wiseops.domain.errors import Refused, Resent
from wiseops.extensions import db
from wiseops.models import Account, Activity, Disposition, Event, Task
from wiseops.queries import automation as rules
from wiseops.queries import snapshots
from wiseops.services import activities, contacts, dispositions, tasks


def no_answer() -> int:
    return db.session.scalars(select(Disposition.id).where(Disposition.name == "No Answer")).one()


def test_a_call_sets_the_follow_up_it_asks_for(app: Flask):
    account, kim = an_account(), a_user()
    contact = a_contact(account, name="Mette Lund", phone="+4520123456")
    draft = Draft(
        disposition_id=no_answer(), contact_id=contact, notes="Rang out\x00\x1b.\r\nTry at noon.",
        follow_up_on=TODAY + timedelta(days=1), assignee_id=kim.id,
    )  # fmt: skip

    first = activities.add(account, draft, token="t", now=NOW, by_id=kim.id)
    second = activities.add(account, draft, token="t", now=NOW, by_id=kim.id)

    assert first == second
    (row,) = db.session.scalars(select(Activity))
    assert (row.contact_name, row.number, row.notes) == ("Mette Lund", "+4520123456", "Rang out.\nTry at noon.")
    (task,) = db.session.scalars(select(Task))
    assert (task.id, task.kind, task.due_on, task.assignee_id) == (row.task_id, "follow_up", draft.follow_up_on, kim.id)
    contacts.remove(contact, now=NOW, by_id=None)
    assert db.session.get_one(Activity, first, populate_existing=True).number == "+4520123456"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "call"}, "disposition_id"),
        ({"kind": "note"}, "notes"),
        ({"kind": "lunch", "notes": "x"}, "kind"),
        ({"kind": "note", "notes": "x" * (LONGEST_NOTES + 1)}, "notes"),
        ({"kind": "note", "notes": "x", "follow_up_on": TODAY - timedelta(days=1)}, "follow_up_on"),
        ({"kind": "note", "notes": "x", "contact_id": 99}, "contact_id"),
        ({"kind": "call", "disposition_id": 99}, "disposition_id"),
        ({"kind": "note", "notes": "x", "assignee_id": 1}, "follow_up_on"),
    ],
)
def test_what_makes_no_sense_is_refused_on_its_field(app: Flask, wrong: dict[str, object], field: str):
    with pytest.raises(Refused) as refused:
        activities.add(an_account(), Draft(**wrong), now=NOW, by_id=None)  # type: ignore[arg-type]

    assert refused.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 0


def test_two_people_or_two_tabs_note_it_once_and_the_second_is_told_who_was_first(app: Flask):
    account, kim, bo = an_account(), a_user(name="Kim Lund").id, a_user(name="Bo").id
    noted, blank = Draft(kind="note", notes="Pays on Friday"), Draft(disposition_id=no_answer())

    for draft, later in ((noted, timedelta(minutes=9)), (blank, timedelta(seconds=50))):
        activities.add(account, draft, token=f"a{later}", now=NOW, by_id=kim)
        with pytest.raises(Refused, match="Kim Lund has just noted exactly this") as refused:
            activities.add(account, draft, token=f"b{later}", now=NOW + later, by_id=bo)
        assert refused.value.field == "notes"
        activities.add(account, draft, token=f"c{later}", now=NOW + timedelta(minutes=11), by_id=bo)


def test_the_same_form_with_a_correction_says_what_was_noted_and_loses_nothing(app: Flask):
    account, day = an_account(), TODAY + timedelta(days=3)
    first = Draft(disposition_id=no_answer(), notes="Pays on Friday", follow_up_on=day)
    activities.add(account, first, token="t", now=NOW, by_id=None)

    for corrected in (replace(first, notes="Pays on Monday"), replace(first, follow_up_on=TODAY)):
        with pytest.raises(Resent, match="with “No Answer: Pays on Friday” and a follow-up on 2026-03-05"):
            activities.add(account, corrected, token="t", now=NOW, by_id=None)
    assert db.session.scalar(select(func.count()).select_from(Activity)) == 1


def test_five_thousand_characters_are_kept(app: Flask):
    activity = activities.add(an_account(), Draft(kind="note", notes="å" * LONGEST_NOTES), now=NOW, by_id=None)

    assert len(db.session.get_one(Activity, activity).notes) == LONGEST_NOTES


@pytest.mark.parametrize(
    ("direction", "kind", "counts"), [("out", "call", True), ("in", "call", False), ("out", "other", False)]
)
def test_only_a_call_that_goes_out_is_a_contact(app: Flask, direction: str, kind: str, counts: bool):
    running()
    account = a_debtor(due=TODAY - timedelta(days=2))
    planned = db.session.get_one(Account, account).send_at

    activities.add(account, Draft(kind=kind, direction=direction, disposition_id=no_answer()), now=NOW, by_id=None)

    (snapshot,) = snapshots.load([account], rules.rules())
    assert snapshot.last_contact_on == (TODAY if counts else None)
    moved = db.session.get_one(Account, account, populate_existing=True).send_at
    assert (moved != planned) is counts


def test_a_task_is_finished_once_by_the_call_that_did_it(app: Flask):
    account = an_account()
    task = tasks.create(account, kind="call", note="Step 4", due_on=TODAY, now=NOW)
    elsewhere = tasks.create(an_account(), kind="call", note="Not here", due_on=TODAY, now=NOW)
    draft = Draft(disposition_id=no_answer(), finishes=frozenset({task, elsewhere}))

    one, other = (activities.add(account, draft, now=NOW, by_id=None) for _ in range(2))

    assert db.session.get_one(Task, task).outcome == "No Answer"
    assert db.session.get_one(Task, elsewhere).status == "open"
    assert db.session.get_one(Activity, one).finished == [{"kind": "call", "step": None}]
    assert db.session.get_one(Activity, other).finished == []


def test_a_change_of_stage_is_told_but_not_the_first_decision(app: Flask):
    account = an_account()
    a_contact(account, email="mette@example.com")
    an_entry(account, "100.00 DKK", on=TODAY - timedelta(days=19), due_on=TODAY - timedelta(days=5))

    told = [(row.facts["from"], row.facts["to"]) for row in db.session.scalars(
        select(Event).where(Event.account_id == account, Event.kind == "stage_changed").order_by(Event.id)
    )]  # fmt: skip

    assert told == [("clear", "scheduled")]


@pytest.mark.parametrize(
    ("days", "today", "day"),
    [
        (None, date(2026, 11, 20), None),
        (0, date(2026, 11, 20), date(2026, 11, 20)),
        (0, date(2026, 11, 21), date(2026, 11, 23)),
        (1, date(2026, 11, 20), date(2026, 11, 23)),
        (3, date(2026, 12, 23), date(2026, 12, 29)),
    ],
)
def test_the_follow_up_counts_working_days(days: int | None, today: date, day: date | None):
    assert follow_up_on(days, today, business_days=range(5), country="DK") == day


def test_a_disposition_that_was_used_is_retired_not_deleted(app: Flask):
    mine = dispositions.add(" Wrong Number ", follow_up_days=None)
    activities.add(an_account(), Draft(disposition_id=no_answer()), now=NOW, by_id=None)

    dispositions.move(mine, by=-1)
    dispositions.retire(no_answer())
    dispositions.retire(mine)

    left = [(row.name, row.active) for row in db.session.scalars(select(Disposition).order_by(Disposition.position))]
    assert left == [("No Answer", False), ("Left Message", True), ("Spoke to Customer", True)]
    with pytest.raises(Refused):
        dispositions.add("left message", follow_up_days=1)
    with pytest.raises(Refused):
        dispositions.update(no_answer(), "No Answer", follow_up_days=-1)
