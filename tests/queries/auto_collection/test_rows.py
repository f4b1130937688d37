"""The rows of a tab: whom the filters find, in which order, a page at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.factories import NOW, TODAY, a_user, an_account, an_entry, running
from wiseops.queries.auto_collection import rows, switches
from wiseops.queries.auto_collection.rows import NOBODY, Wanted
from wiseops.services import accounts, automation, contacts, holds, pauses


@pytest.fixture
def book(app: Flask) -> dict[str, int]:
    """Three scheduled accounts: A owes most, B is oldest, C has an address."""
    running()
    made = {
        "A": an_account(name="Alfa", country="DK", tags=frozenset({"vip"})),
        "B": an_account(name="Beta", country="NO"),
        "C": an_account(name="Gamma", country="DK"),
    }
    contacts.put_default(made["C"], email="c@example.com", phone="", now=NOW)
    for name, owed, age in (("A", "900.00 DKK", 3), ("B", "100.00 DKK", 9), ("C", "500.00 DKK", 6)):
        due = TODAY - timedelta(days=age)
        an_entry(made[name], owed, on=due, due_on=due)
    accounts.assign([made["A"]], owner_id=a_user().id, now=NOW, by_id=None)
    holds.hold(made["B"], until=TODAY + timedelta(days=5), reason="", now=NOW, by_id=None)
    return made


def names(**wanted: object) -> list[str]:
    return [row.name for row in rows.page(Wanted("scheduled", **wanted))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", "Alfa Beta Gamma"),
        ("-name", "Gamma Beta Alfa"),
        ("balance", "Beta Gamma Alfa"),
        ("-balance", "Alfa Gamma Beta"),
        ("-overdue", "Beta Gamma Alfa"),
        ("overdue", "Alfa Gamma Beta"),
        ("since", "Alfa Beta Gamma"),
    ],
)
def test_rows_come_in_the_order_asked_for(book: dict[str, int], sort: str, order: str):
    assert names(sort=sort) == order.split()


def test_filters_find_whom_they_name(book: dict[str, int]):
    assert names(text="alf") == ["Alfa"]
    assert names(text="c@exam") == ["Gamma"]
    assert names(country="NO") == ["Beta"]
    assert names(tag="vip") == ["Alfa"]
    assert names(held=True) == ["Beta"]
    assert names(addressless=True) == ["Alfa", "Beta"]
    assert names(owner_id=NOBODY) == ["Beta", "Gamma"]
    assert names(ids=frozenset([book["C"]])) == ["Gamma"]
    assert [row.name for row in rows.page(Wanted("engaged"))] == []


def test_count_and_sum_are_those_of_the_filter(book: dict[str, int]):
    wanted = Wanted("scheduled", country="DK")
    assert rows.count(wanted) == 2
    assert rows.count(wanted, most=1) == 1
    assert [(owed.currency, owed.balance, owed.overdue) for owed in rows.owed(wanted)] == [("DKK", 140000, 140000)]


def test_pages_follow_one_another(book: dict[str, int]):
    wanted = Wanted("scheduled")
    assert [row.name for row in rows.page(wanted, offset=1, limit=1)] == ["Beta"]
    assert [row.name for row in rows.everyone(wanted)] == ["Alfa", "Beta", "Gamma"]
    first = rows.ids(wanted, limit=2)
    assert [*first, *rows.ids(wanted, after=first[-1], limit=2)] == sorted(book.values())


def test_a_row_knows_since_when_it_is_overdue_and_how_it_is_reached(book: dict[str, int]):
    by_name = {row.name: row for row in rows.page(Wanted("scheduled"))}
    assert by_name["Beta"].overdue_since == TODAY - timedelta(days=9)
    assert (by_name["Gamma"].has_email, by_name["Alfa"].has_email) == (True, False)
    assert by_name["Beta"].held == "hold"


def test_countries_are_those_in_use(book: dict[str, int]):
    assert rows.countries() == ["DK", "NO"]


def test_what_goes_soon_is_counted_from_the_end_of_a_pause(book: dict[str, int]):
    assert switches.soon(NOW, within=timedelta(hours=24)).messages == 1
    pauses.begin(reason="Holiday", until=NOW + timedelta(days=3), now=NOW)
    automation.run(NOW)
    soon = switches.soon(NOW, within=timedelta(hours=24))
    assert (soon.messages, soon.calls, soon.first) == (1, 0, NOW + timedelta(days=3))
