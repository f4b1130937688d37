"""Accounts that go from one collector to another."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, a_user, an_account, an_entry
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Dispute, Promise, Task
from wiseops.services import accounts, reassignments, tasks
from wiseops.services.transaction import transaction


def revs() -> list[int]:
    return list(db.session.scalars(select(Account.rev).order_by(Account.id)))


def owners() -> list[int | None]:
    return list(db.session.scalars(select(Account.owner_id).order_by(Account.id)))


def assignees() -> list[int | None]:
    return list(db.session.scalars(select(Task.assignee_id).order_by(Task.id)))


def a_task(account: int, assignee_id: int | None) -> None:
    tasks.create(account, note="Ask", due_on=TODAY, assignee_id=assignee_id, now=NOW)


def test_all_that_one_person_has_goes_to_another(app: Flask):
    ida, bo, eva = (a_user().id for _ in range(3))
    mine, his = an_account(), an_account()
    for account, owner in ((mine, ida), (his, bo)):
        accounts.assign([account], owner_id=owner, now=NOW, by_id=None)
    for account, assignee in ((mine, ida), (mine, bo), (his, ida), (mine, None)):
        a_task(account, assignee)

    assert reassignments.reassign_all(ida, to_id=eva, now=NOW, by_id=None) == 2

    assert owners() == [eva, bo]
    assert assignees() == [eva, bo, eva, None]


def test_chosen_accounts_go_with_the_tasks_of_who_had_them(app: Flask):
    ida, bo, eva = (a_user().id for _ in range(3))
    account = an_account()
    accounts.assign([account], owner_id=ida, now=NOW, by_id=None)
    a_task(account, ida)
    a_task(account, bo)

    reassignments.reassign([account], to_id=eva, now=NOW, by_id=None)

    assert (owners(), assignees()) == ([eva], [eva, bo])


def test_nobody_gets_anything_without_being_chosen_or_after_leaving(app: Flask):
    account, gone = an_account(), a_user(active=False).id
    for ids, to in (([account], None), ([account], gone), ([], a_user().id)):
        with pytest.raises(Refused):
            reassignments.reassign(ids, to_id=to, now=NOW, by_id=None)
    assert owners() == [None]


def test_an_account_is_taken_once(app: Flask):
    ida, bo = a_user().id, a_user().id
    account = an_account()

    reassignments.take(account, now=NOW, by_id=ida)
    reassignments.take(account, now=NOW, by_id=ida)

    with pytest.raises(Refused):
        reassignments.take(account, now=NOW, by_id=bo)
    assert owners() == [ida]


def test_what_her_disputes_and_promises_ask_for_later_is_asked_of_who_has_them_now(app: Flask):
    ida, bo, eva = (a_user().id for _ in range(3))
    disputed, promised = an_account(), an_account()
    row = {"currency": "DKK", "amount": 100, "due_on": TODAY}
    disputes = {
        "entry_id": an_entry(disputed, "100.00 DKK"),
        "is_whole": True,
        "ground": "other",
        "last_allocation_id": 0,
    }
    promises = {"over_items": False, "last_entry_id": 0, "made_on": TODAY, "made_at": NOW}
    with transaction():
        for who, status in ((ida, "upheld"), (ida, "rejected"), (bo, "open")):
            case = Dispute(account_id=disputed, owner_id=who, status=status, opened_at=NOW, **row, **disputes)
            db.session.add(case)
        for who, status, currency in ((ida, "open", "DKK"), (ida, "kept", "DKK"), (bo, "open", "EUR")):
            given = row | promises | {"currency": currency}
            db.session.add(Promise(account_id=promised, assignee_id=who, status=status, **given))
    before = revs()

    assert reassignments.reassign_all(ida, to_id=eva, now=NOW, by_id=None) == 2

    for column in (Dispute.owner_id, Promise.assignee_id):
        assert list(db.session.scalars(select(column).order_by(column.class_.id))) == [eva, ida, bo]
    assert all(now > then for now, then in zip(revs(), before, strict=True))
