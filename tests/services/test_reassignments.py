"""Accounts that go from one collector to another."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import NOW, TODAY, a_user, an_account
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Task
from wiseops.services import accounts, reassignments, tasks


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
