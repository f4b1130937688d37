"""Every list as a CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from flask import Flask

from tests.factories import NOW, a_debtor, a_user
from tests.web.conftest import Browser
from wiseops.services import tasks
from wiseops.services.imports import drafts, runs
from wiseops.web.clock import today

LISTS = {
    "accounts.index": "/accounts/export.csv",
    "auto_collection.index": "/auto-collection/export.csv",
    "entries.index": "/accounts/1/ledger/export.csv",
    "imports.index": "/settings/imports/export.csv",
    "messages.index": "/messages/export.csv",
    "suppressions.index": "/settings/suppressions/export.csv",
    "tasks.index": "/tasks/export.csv",
    "worklist.index": "/worklist/export.csv",
}
OTHERS = {
    *("activities.index", "disputes.index", "inbox.index", "loads.index", "promises.index", "reports.index"),
    *(
        "settings.index",
        "dispositions.index",
        "exclusions.index",
        "guardrails.index",
        "plans.index",
        "templates.index",
        "users.index",
    ),
}
"""What is read account by account, kept as settings, worked on where it stands; each report has its own."""


def rows(browser: Browser, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(path, buffered=True).text.removeprefix("\ufeff"))))


def test_every_list_leads_to_its_csv(app: Flask, admin: Browser):
    account = a_debtor()
    pages = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint.endswith(".index")}
    assert set(pages) == set(LISTS) | OTHERS, "a new page: does it list something? Then it has a CSV."

    for endpoint, path in LISTS.items():
        page = pages[endpoint].build({"account_id": account}, append_unknown=False)[1]
        assert f'href="{path}' in admin.get(page, query_string={"stage": "scheduled"}).text, endpoint
        assert admin.get(path, buffered=True).mimetype == "text/csv", endpoint


def test_tasks_leave_as_the_view_shows_them_and_without_formulas(collector: Browser):
    account = a_debtor(name="=cmd()", number="7")
    due = today() - timedelta(days=1)
    for note, on in (("=1+1", due), ("Later", today())):
        tasks.create(account, note=note, due_on=on, assignee_id=None, now=NOW, by_id=None)

    (overdue,) = rows(collector, "/tasks/export.csv?view=overdue")

    assert (overdue["account_name"], overdue["note"], overdue["due_on"]) == ("'=cmd()", "'=1+1", due.isoformat())
    assert len(rows(collector, "/tasks/export.csv?view=all")) == 2
    assert rows(collector, "/tasks/export.csv") == []
    assert 'href="/tasks/export.csv"' in collector.get("/tasks").text


def test_the_worklist_leaves_ranked_as_it_is_seen(collector: Browser):
    account = a_debtor("100.00 DKK", number="7", name="+45 ApS")
    tasks.create(account, note="Ask", due_on=today(), assignee_id=None, now=NOW, by_id=None)
    other = a_user("collector")

    (row,) = rows(collector, "/worklist/export.csv?who=none")

    assert (row["name"], row["currency"], row["overdue"]) == ("'+45 ApS", "DKK", "100.00")
    assert "Ask" in row["why"]
    assert int(row["points"]) > 0
    assert rows(collector, "/worklist/export.csv?who=none&kind=reply") == []
    assert collector.get(f"/worklist/export.csv?who={other.id}").status_code == 403


def test_the_history_of_imports_leaves_with_what_came_of_each(manager: Browser):
    content = b"number,name\n1,Acme\n"
    noun, profile = drafts.suggest(content, "accounts")
    for name in ("=a.csv", "b.csv"):
        runs.upload([content], noun=noun, filename=name, profile=profile, limit=1000, now=NOW, by_id=None)

    newest, oldest = rows(manager, "/settings/imports/export.csv")

    assert (newest["file"], oldest["file"], oldest["holds"]) == ("b.csv", "'=a.csv", "accounts")
