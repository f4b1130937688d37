"""What is on whose list."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import event

from tests.factories import NOW, TODAY, a_debtor, a_user, an_account
from tests.test_replies import a_reply_of
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries.worklist import loads, rows
from wiseops.queries.worklist.scopes import Scope
from wiseops.services import accounts, holds, tasks
from wiseops.services.transaction import transaction

ZONE = ZoneInfo("Europe/Copenhagen")


def owned(owner_id: int | None, **details: object) -> int:
    account = an_account(**details)
    accounts.assign([account], owner_id=owner_id, now=NOW, by_id=None)
    return account


def a_task(account: int, kind: str = "call", *, days: int = 0, assignee_id: int | None = None) -> None:
    due_on = TODAY + timedelta(days=days)
    tasks.create(account, kind=kind, note="Ask", due_on=due_on, assignee_id=assignee_id, now=NOW)


def listed(who: int | str, *, leads: bool = False) -> dict[int, list[str]]:
    found = rows.ranked(Scope(who, TODAY, leads=leads), ZONE)
    return {row.account_id: [str(kind) for kind in row.kinds] for row in found}


def in_stage(account: int, stage: str) -> None:
    with transaction():
        db.session.get_one(Account, account).stage = stage


def test_a_list_has_what_is_due_of_ones_accounts_and_what_one_was_given(app: Flask):
    ida, bo = a_user().id, a_user().id
    mine, his, free = owned(ida), owned(bo), owned(None)
    a_task(mine)
    a_task(mine, "other", days=1)
    a_task(mine, "follow_up", assignee_id=bo)
    a_task(his, "promise_broken", assignee_id=ida)
    a_task(free)
    a_reply_of(mine)
    in_stage(his, "follow_up")
    in_stage(free, "engaged")

    assert listed(ida) == {mine: ["reply", "call"], his: ["promise_broken"]}
    assert listed(bo) == {mine: ["follow_up"], his: ["review"]}
    assert listed("none") == {free: ["call", "unassigned"]}
    assert listed("all").keys() == {mine, his, free}
    found = {load.user.id if load.user else None: load for load in loads.everyone(TODAY, ZONE)}
    assert {who: {str(k): n for k, n in load.kinds.items()} for who, load in found.items()} == {
        ida: {"reply": 1, "call": 1, "promise_broken": 1},
        bo: {"follow_up": 1, "review": 1},
        None: {"call": 1, "unassigned": 1},
    }


def test_what_a_person_holds_comes_back_on_its_day_but_a_reply_shows(app: Flask):
    ida = a_user().id
    quiet, loud = owned(ida), owned(ida)
    for account in (quiet, loud):
        a_task(account)
        holds.hold(account, until=TODAY + timedelta(days=3), reason="", now=NOW, by_id=None)
    a_reply_of(loud)

    assert listed(ida) == {loud: ["reply"]}
    assert rows.ranked(Scope(ida, TODAY + timedelta(days=3)), ZONE)[1].account_id == quiet


def test_what_waited_too_long_is_a_managers(app: Flask):
    ida, boss = a_user().id, a_user("manager").id
    account = owned(ida)
    a_task(account, "reply_waits")

    assert (listed(ida), listed(boss, leads=True)) == ({}, {account: ["reply_waits"]})


def test_an_address_is_looked_for_only_where_something_is_overdue(app: Flask):
    ida = a_user().id
    clear, owes = owned(ida), owned(ida)
    for account in (clear, owes):
        a_task(account, "find_contact")
    in_stage(owes, "scheduled")
    with transaction():
        db.session.get_one(Account, owes).overdue_since = TODAY

    assert listed(ida).keys() == {owes}


def test_a_reply_that_waited_too_long_is_told_though_the_account_is_held(app: Flask):
    ida, boss = a_user().id, a_user("manager").id
    account = owned(ida)
    a_task(account)
    a_task(account, "reply_waits", assignee_id=boss)
    holds.hold(account, until=TODAY + timedelta(days=3), reason="", now=NOW, by_id=None)

    assert (listed(ida), listed(boss, leads=True)) == ({}, {account: ["reply_waits"]})
    found = [(load.user and load.user.id, str(kind)) for load in loads.everyone(TODAY, ZONE) for kind in load.kinds]
    assert found == [(boss, "reply_waits")]


def test_a_longer_list_asks_no_more_questions(app: Flask):
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            a_task(a_debtor(), assignee_id=None)
        before = len(asked)
        found = rows.shown(rows.ranked(Scope("all", TODAY), ZONE))
        counts.append((len(found), len(asked) - before))

    assert counts == [(3, counts[0][1]), (6, counts[0][1])]
    assert found[0].positions[0].overdue == 10_000
