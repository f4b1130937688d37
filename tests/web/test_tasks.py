"""What people have to do, and what came of it."""

from tests.factories import NOW, TODAY, an_account
from tests.web.conftest import Browser
from wiseops.queries import tasks as queries
from wiseops.services import tasks


def test_a_collector_takes_a_call_and_says_how_it_went(collector: Browser):
    task_id = tasks.create(an_account(name="Ærø Blik"), kind="call", note="Step 4", due_on=TODAY, now=NOW)
    assert "Ærø Blik" in collector.get("/tasks?view=unassigned").text

    taken = collector.post(f"/tasks/{task_id}/assignment", data={"back": "list"})
    assert taken.location.endswith("/tasks?view=unassigned")
    assert "Ærø Blik" in collector.get("/tasks").text

    page = collector.get(f"/tasks/{task_id}").text
    assert "no phone number" in page
    assert "Spoke to Customer" in page
    silent = collector.post(f"/tasks/{task_id}/completion", data={"disposition": "", "outcome": ""})
    assert silent.status_code == 422
    assert "Say how the call went." in silent.text

    form = {"disposition": "Spoke to Customer", "outcome": "pays on Friday"}
    assert collector.post(f"/tasks/{task_id}/completion", data=form).status_code == 303
    assert queries.get(task_id).task.outcome == "Spoke to Customer: pays on Friday"
    assert "pays on Friday" in collector.get(f"/tasks/{task_id}").text
    assert collector.post(f"/tasks/{task_id}/completion", data=form).status_code == 422


def test_a_task_that_is_no_call_is_finished_without_words(collector: Browser):
    task_id = tasks.create(an_account(), kind="find_contact", note="No address", due_on=TODAY, now=NOW)

    assert collector.post(f"/tasks/{task_id}/completion", data={"outcome": ""}).status_code == 303


def test_a_disputes_deadline_is_not_finished_but_leads_to_the_decision(collector: Browser):
    task_id = tasks.create(an_account(), kind="dispute_due", note="F1", due_on=TODAY, now=NOW)
    page = collector.get(f"/tasks/{task_id}").text
    assert ("Decide the dispute" in page, "/completion" in page) == (True, False)

    assert collector.post(f"/tasks/{task_id}/completion", data={"outcome": ""}).status_code == 422


def test_an_empty_list_says_so_and_an_unknown_view_is_mine(collector: Browser):
    assert "Nothing waits for you" in collector.get("/tasks?view=nonsense").text
    assert collector.get("/tasks/99").status_code == 404


def test_a_task_is_set_for_an_account(collector: Browser):
    account_id = an_account(name="Ærø Blik")
    assert "Ærø Blik" in collector.get(f"/tasks/new/{account_id}").text

    silent = collector.post(f"/tasks/new/{account_id}", data={"note": "", "due_on": "2026-03-09", "assignee": ""})
    form = {"note": "Ask for the order number", "due_on": "2026-03-09", "assignee": ""}

    assert silent.status_code == 422
    assert collector.post(f"/tasks/new/{account_id}", data=form).status_code == 303
    assert "Ask for the order number" in collector.get("/tasks?view=unassigned").text
    assert "Ask for the order number" in collector.fragment(f"/tasks/of/{account_id}").text
