"""What must hold of every replay of a book of invoices paid in one sum, checked against the file alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from tests.oracles.standard import DANISH, GAP, Invoice

STEPS = [1, 2, 3, 4]


def check(answer: dict, book: dict[str, list[Invoice]], first: date, last: date) -> None:
    """Raises AssertionError naming the first row that should not be, or is missing."""
    rows = answer["messages"]
    assert rows, "nothing would have left"
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [day["on"] for day in answer["days"]] == [day.isoformat() for day in days]
    assert sum(day["sent"] for day in answer["days"]) == sum(row["channel"] != "call" for row in rows)
    assert rows == sorted(rows, key=lambda row: (row["at"], row["account"], row["currency"]))
    _nothing_settled_or_unissued(rows, book)
    _no_step_twice_or_skipped(rows)
    _nobody_forgotten(rows, book, days)


def _nothing_settled_or_unissued(rows: list[dict], book: dict[str, list[Invoice]]) -> None:
    invoices = {(account, invoice.number): invoice for account, of_one in book.items() for invoice in of_one}
    for row in rows:
        assert row["items"], row
        for number in row["items"] + row["also"]:
            assert invoices[row["account"], number].is_overdue(_day(row)), row
        total = sum(invoices[row["account"], number].amount for number in row["items"])
        assert row["amount"] == f"{total:.2f}", row


def _no_step_twice_or_skipped(rows: list[dict]) -> None:
    engagements: dict[tuple[str, int], list[dict]] = defaultdict(list)
    for row in rows:
        engagements[row["account"], row["engagement"]].append(row)
    for of_one in engagements.values():
        assert [row["step"] for row in of_one] == STEPS[: len(of_one)], of_one
        assert all(_day(later) - _day(earlier) >= GAP for earlier, later in pairwise(of_one)), of_one
        assert all(set(later["items"]) <= set(earlier["items"]) for earlier, later in pairwise(of_one)), of_one


def _nobody_forgotten(rows: list[dict], book: dict[str, list[Invoice]], days: list[date]) -> None:
    """An invoice alone in being overdue, at step 1's first allowed moment, with no contact or payment in the gap."""
    contacts: dict[str, dict[date, dict]] = defaultdict(dict)
    for row in rows:
        contacts[row["account"]][_day(row)] = row
    for account, invoices in book.items():
        for invoice in invoices:
            day = invoice.due + timedelta(days=3)
            while day.weekday() > 4 or day in DANISH:
                day += timedelta(days=1)
            near = {day - timedelta(days=n) for n in range(1, GAP.days)}
            others = [i for i in invoices if i is not invoice and any(i.is_overdue(d) for d in near | {day})]
            is_quiet = not near & contacts[account].keys() and not any(i.settled in near | {day} for i in invoices)
            if day in days and invoice.is_overdue(day) and is_quiet and not others:
                row = contacts[account].get(day)
                assert row, f"{account}: {invoice.number} was overdue on {day} and nobody wrote"
                assert (row["step"], row["items"], row["also"]) == (1, [invoice.number], []), row


def _day(row: dict) -> date:
    at = datetime.fromisoformat(row["at"])
    assert at.utcoffset() == timedelta(0)
    assert row["at"].endswith("+00:00")
    return at.astimezone(UTC).date()
