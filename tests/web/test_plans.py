"""Admins write plans in a form; managers look; collectors have no business there."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories import TODAY, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.queries import plans
from wiseops.web import clock


def typed(page: str) -> MultiDict:
    """What the browser would post from the form of the page."""
    found: MultiDict = MultiDict()
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attributes and (attributes.get("type") != "checkbox" or " checked" in tag):
            found.add(attributes["name"], html.unescape(attributes.get("value", "")))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        found.add(name, chosen[1])
    found.poplist("q")
    return found


def standard(browser: Browser) -> MultiDict:
    return typed(browser.get("/settings/plans/1").text)


def test_a_saved_plan_is_the_same_plan(admin: Browser):
    before = plans.get(1)

    answer = admin.post("/settings/plans/1", data=standard(admin))

    assert answer.status_code == 303
    assert (plans.get(1), plans.row(1).version) == (before, 1)


def test_a_changed_plan_is_kept_as_the_next_version(admin: Browser):
    form = standard(admin)
    form["minimum"], form["stop_below"], form["countries"] = "1,000.50 DKK; EUR 20", "7.50 NOK; 5", "dk, no"
    form.setlist("steps-0-weekdays", ["0", "2"])

    assert admin.post("/settings/plans/1", data=form).status_code == 303

    plan = plans.get(1)
    assert plan.conditions.minimum == {"DKK": 100_050, "EUR": 2_000}
    assert plan.conditions.countries == {"DK", "NO"}
    assert plan.stop_below == {"NOK": "7.50", "*": "5.00"}
    assert plan.steps[0].weekdays == {0, 2}
    assert plans.row(1).version == 2
    assert "1,000.50 DKK; 20.00 EUR" in admin.get("/settings/plans/1").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("steps-1-at", "21:00", "Step 2: Choose a time"),
        ("steps-1-at", "soon", "Not a valid time"),
        ("steps-3-offset", "5", "Step 4: The step before is at 20 days"),
        ("minimum", "much", "no amount with a currency"),
        ("minimum", "1.234.5 DKK", "is not an amount"),
        ("stop_below", "2.50", "must be whole"),
        ("days_overdue", "", "This field is required"),
        ("countries", "Denmark", "no country code"),
    ],
)
def test_what_is_refused_is_said_on_its_field(admin: Browser, field: str, value: str, words: str):
    form = standard(admin)
    form[field] = value

    answer = admin.post("/settings/plans/1", data=form)

    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert plans.row(1).version == 1


def test_steps_are_added_moved_and_removed_before_anything_is_saved(admin: Browser):
    form = standard(admin)

    added = admin.fragment("/settings/plans/steps?plan=1", method="POST", data=form | {"change": "add"}).text
    moved = admin.fragment("/settings/plans/steps?plan=1", method="POST", data=form | {"change": "down-0"}).text
    fewer = admin.fragment("/settings/plans/steps?plan=1", method="POST", data=form | {"change": "remove-0"}).text
    whole = admin.post("/settings/plans/steps?plan=1", data=form | {"change": "remove-3"}).text

    assert "<html" not in added
    assert typed(added)["steps-4-offset"] == "37"
    assert [typed(moved)[f"steps-{i}-name"] for i in (0, 1)] == ["Second reminder", "Friendly reminder"]
    assert [typed(moved)[f"steps-{i}-offset"] for i in (0, 1)] == ["3", "10"]
    assert re.search(r'id="down-1"[^>]*autofocus', moved)
    assert "steps-3-name" not in typed(fewer)
    assert "<html" in whole
    assert len(plans.get(1).steps) == 4


def test_a_plan_without_steps_says_so(admin: Browser):
    form = MultiDict((name, value) for name, value in standard(admin).items(multi=True) if "steps-" not in name)

    answer = admin.post("/settings/plans/1", data=form)

    assert answer.status_code == 422
    assert "A plan needs at least one step." in answer.text


def test_a_new_plan_is_made_and_deleted(admin: Browser):
    form = typed(admin.get("/settings/plans/new").text)
    form["name"], form["steps-0-template"] = "Gentle", "1"

    assert admin.post("/settings/plans", data=form).status_code == 303
    [gentle] = [plan for plan in plans.everything().values() if plan.name == "Gentle"]
    assert (gentle.priority, gentle.steps[0].offset_days) == (50, 7)

    assert admin.post(f"/settings/plans/{gentle.id}/deletion").status_code == 303
    assert "Gentle" not in admin.get("/settings/plans").text.split("<tbody>")[1]


def test_the_count_follows_what_is_typed(app: Flask, admin: Browser):
    due_on = clock.today() - timedelta(days=10)
    an_entry(an_account(country="DK"), "100.00 DKK", on=TODAY - timedelta(days=400), due_on=due_on)
    form = {"days_overdue": "5", "minimum": "", "kind": "", "countries": "", "languages": "", "tags": ""}

    def count(**changed: str) -> str:
        return " ".join(re.sub("<[^>]*>", "", admin.post("/settings/plans/matching", data=form | changed).text).split())

    assert count() == "1 account matches now"
    assert count(days_overdue="11") == "0 accounts match now"
    assert count(minimum="99 DKK") == "1 account matches now"
    assert count(countries="NO") == "0 accounts match now"
    assert "whole number" in count(days_overdue="x")
    assert "no amount with a currency" in count(minimum="many")
    assert admin.get("/settings/plans/1/matching").text.strip() == "1"


def test_a_manager_looks_and_a_collector_does_not(app: Flask, manager: Browser):
    page = manager.get("/settings/plans/1").text
    assert "Friendly reminder" in page
    assert "Save plan" not in page
    assert manager.post("/settings/plans/1", data={}).status_code == 403
    assert manager.post("/settings/plans/1/deletion").status_code == 403


def test_a_collector_is_turned_away(collector: Browser):
    for path in ("/settings/plans", "/settings/plans/1", "/settings/exclusions", "/settings/templates"):
        assert collector.get(path).status_code == 403


def test_what_does_not_exist_is_not_found(admin: Browser):
    for path in ("/settings/plans/99", "/settings/exclusions/99", "/settings/templates/99/email/en"):
        assert admin.get(path).status_code == 404
