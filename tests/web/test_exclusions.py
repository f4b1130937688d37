"""A rule or a pasted list keeps automation away."""

import re

from tests.factories import an_account
from tests.web.conftest import Browser
from wiseops.queries import exclusions

RULE = {
    "name": "Public sector", "active": "y", "days_overdue": "", "minimum": "", "kind": "", "countries": "",
    "languages": "", "tags": "public",
}  # fmt: skip


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", "", page).split())


def test_a_rule_is_saved_listed_and_deleted(admin: Browser):
    an_account(tags=frozenset({"public"}))
    assert words(admin.post("/settings/exclusions/matching", data=RULE).text) == "1 account matches now"

    assert admin.post("/settings/exclusions", data=RULE).status_code == 303

    [listed] = exclusions.everything()
    assert (listed.name, listed.conditions and listed.conditions.tags) == ("Public sector", {"public"})
    assert "Public sector" in admin.get("/settings/exclusions").text
    assert admin.get(f"/settings/exclusions/{listed.id}/matching").text.strip() == "1"
    assert admin.post(f"/settings/exclusions/{listed.id}/deletion").status_code == 303
    assert not exclusions.everything()


def test_a_rule_without_conditions_is_refused(admin: Browser):
    empty = RULE | {"tags": ""}

    assert "Set at least one condition" in admin.post("/settings/exclusions/matching", data=empty).text
    answer = admin.post("/settings/exclusions", data=empty)
    assert answer.status_code == 422
    assert "would block every account" in answer.text


def test_a_pasted_list_is_counted_and_unknown_numbers_are_named(admin: Browser):
    an_account(number="1001")
    an_account(number="1002")
    form = {"name": "Partners", "active": "y", "numbers": "1001\r\n1002; 7\t8"}

    counted = words(admin.post("/settings/exclusions/matching", data=form).text)
    refused = admin.post("/settings/exclusions", data=form)
    saved = admin.post("/settings/exclusions", data=form | {"numbers": "1001, 1002"})

    assert counted == "2 accounts match now · 2 numbers are unknown."
    assert (refused.status_code, saved.status_code) == (422, 303)
    assert "No account has the number 7, 8." in refused.text
    [listed] = exclusions.everything()
    assert exclusions.numbers(listed.id) == ["1001", "1002"]
    assert "1001\n1002" in admin.get(f"/settings/exclusions/{listed.id}").text.replace("\r", "")


def test_a_manager_only_looks(manager: Browser):
    assert manager.get("/settings/exclusions").status_code == 200
    assert manager.post("/settings/exclusions", data=RULE).status_code == 403
