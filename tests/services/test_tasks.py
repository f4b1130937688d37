"""Tasks are given and done; a call that was made is a contact."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import NOW, TODAY, a_user, an_account
from wiseops.domain.errors import NotFound, Refused
from wiseops.extensions import db
from wiseops.models import Account, Event, Task
from wiseops.queries import tasks as queries
from wiseops.services import tasks


def a_task(account_id: int | None = None, **values: object) -> int:
    values = {"note": "Call back", "due_on": TODAY} | values
    return tasks.create(account_id or an_account(), now=NOW, **values)  # type: ignore[arg-type]


def test_a_finished_call_is_kept_with_its_outcome_and_the_account_is_decided(app: Flask):
    account_id, kim = an_account(), a_user().id
    task_id, rev = a_task(account_id, kind="call"), db.session.get_one(Account, account_id).rev

    tasks.complete(task_id, outcome=" Left Message ", now=NOW, by_id=kim)

    task = db.session.get_one(Task, task_id, populate_existing=True)
    account = db.session.get_one(Account, account_id, populate_existing=True)
    assert (task.status, task.outcome, task.done_at, task.done_by_id) == ("done", "Left Message", NOW, kim)
    assert (account.rev, account.decided_at) == (rev + 1, NOW)
    assert db.session.query(Event).filter_by(kind="task_completed", account_id=account_id).count() == 1


def test_a_call_needs_an_outcome_and_other_tasks_do_not(app: Flask):
    with pytest.raises(Refused) as refused:
        tasks.complete(a_task(kind="call"), outcome=" ", now=NOW)
    assert refused.value.field == "outcome"

    other = a_task()
    tasks.complete(other, outcome="", now=NOW)
    assert queries.get(other).task.status == "done"


def test_a_task_is_finished_once(app: Flask):
    task_id = a_task()
    tasks.complete(task_id, outcome="", now=NOW)

    with pytest.raises(Refused, match="already"):
        tasks.complete(task_id, outcome="", now=NOW)
    with pytest.raises(NotFound):
        tasks.complete(task_id + 1000, outcome="", now=NOW)


def test_a_task_says_what_is_to_be_done(app: Flask):
    with pytest.raises(Refused) as refused:
        a_task(note=" ")

    assert refused.value.field == "note"


def test_a_task_goes_only_to_somebody_who_works_here(app: Flask):
    kim, gone = a_user().id, a_user(email="gone@example.com", active=False).id
    task_id = a_task()

    tasks.assign([task_id], assignee_id=kim)
    assert queries.get(task_id).assignee == "Kim Lund"
    tasks.assign([task_id], assignee_id=None)
    assert queries.get(task_id).assignee is None
    with pytest.raises(Refused):
        tasks.assign([task_id], assignee_id=gone)


def test_each_view_shows_its_tasks_the_most_urgent_first(app: Flask):
    kim = a_user().id
    late = a_task(due_on=TODAY - timedelta(days=1), assignee_id=kim)
    today = a_task(due_on=TODAY)
    later = a_task(due_on=TODAY + timedelta(days=1))
    done = a_task()
    tasks.complete(done, outcome="", now=NOW)

    shown = {
        view: [listed.task.id for listed in queries.listing(view, user_id=kim, today=TODAY)] for view in queries.VIEWS
    }

    assert shown == {
        "mine": [late],
        "unassigned": [today, later],
        "due": [late, today],
        "overdue": [late],
        "all": [late, today, later],
        "done": [done],
    }
    assert queries.counts(user_id=kim, today=TODAY) == {view: len(ids) for view, ids in shown.items() if view != "done"}
