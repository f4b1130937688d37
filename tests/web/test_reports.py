"""The reports page: who sees what, the same words in the address, and files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import a_user, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.domain.activities import Draft
from wiseops.services import activities
from wiseops.web.clock import now, today
from wiseops.web.reports.page import REPORTS

PATHS = ["/reports/" + report.code.replace("_", "-") for report in REPORTS]


def test_the_page_opens_at_once_and_asks_for_each_report(manager: Browser):
    page = manager.get("/reports?country=NO&from=2026-01-01").text
    for path in PATHS:
        assert f'hx-get="{path}?country=NO&amp;from=2026-01-01"' in page


def test_every_report_is_a_page_a_part_and_a_file(manager: Browser):
    an_entry(an_account(name="Nordlys"), "100.00 DKK", on=today() - timedelta(days=3))
    for path in PATHS:
        assert "<html" in manager.get(path).text
        assert "<html" not in manager.fragment(path).text
        assert "\ufeff" in manager.get(path + ".csv", buffered=True).text


def test_amounts_of_the_file_are_plain_numbers_with_their_currency(manager: Browser):
    an_entry(an_account(), "1250.50 DKK", on=date(2026, 1, 1), due_on=date(2026, 1, 31))
    lines = manager.get("/reports/ageing.csv?to=2026-02-10", buffered=True).text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "currency,Age,Items,Amount,Share"
    assert "DKK,1–30 days,1,1250.50,100%" in lines
    assert len(manager.get("/reports/ageing.csv?to=2025-12-31", buffered=True).text.splitlines()) <= 1


def test_a_collector_sees_their_own_work_and_nothing_else(collector: Browser):
    account, other = an_account(), a_user(name="Somebody Else").id
    activities.add(account, Draft(kind="note", notes="x"), now=now(), by_id=other)

    assert [path for path in PATHS if collector.get(path).status_code == 200] == ["/reports/work"]
    assert [path for path in PATHS if "<html" not in collector.get(path + ".csv", buffered=True).text] == [
        "/reports/work"
    ]
    assert "/reports/ageing" not in collector.get("/reports").text
    assert "Nobody noted anything" in collector.fragment("/reports/work").text


def test_a_manager_sees_everyone_s(manager: Browser):
    activities.add(an_account(), Draft(kind="note", notes="x"), now=now(), by_id=a_user(name="Somebody Else").id)
    assert "Somebody Else" in manager.fragment("/reports/work").text


@pytest.mark.parametrize("asked", ["from=nonsense&owner=x&country=XYZ", "from=2026-12-31&to=2020-01-01", "ever=1"])
def test_what_makes_no_sense_is_as_if_it_were_not_asked(manager: Browser, asked: str):
    assert {manager.get(f"{path}?{asked}").status_code for path in ["/reports", *PATHS]} == {200}
