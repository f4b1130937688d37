"""Each figure of the reports equals what plain Python or independent SQL says of the same book."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import mean, median

import pytest
from flask import Flask
from sqlalchemy import text

from tests import books
from tests.factories import NOW, a_message, a_payment, a_user, an_account, an_entry, running
from tests.oracles import standard
from tests.oracles.figures import NAMES, aged, aged_by_hand
from wiseops.domain.activities import Draft
from wiseops.domain.promises import Status
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Message, Promise
from wiseops.queries.auto_collection import collected as all_collected
from wiseops.queries.auto_collection.periods import EVER, Period
from wiseops.queries.reports import ageing, collected, days_to_pay, messages, promises, work
from wiseops.queries.selections import NOBODY, Selection
from wiseops.services import activities, entries, tasks
from wiseops.services.transaction import transaction

DAYS = (date(2026, 2, 25), date(2026, 3, 8), date(2026, 3, 31))


@pytest.fixture
def book(app: Flask) -> tuple[int, int, int]:
    """Reminded and paid in two parts; paid too much abroad; written off, and old euros."""
    running()
    first = an_account(name="Nordlys", country="DK")
    invoice = an_entry(first, "100.00 DKK", on=date(2026, 1, 20), due_on=date(2026, 2, 20))
    a_message(first, invoice)
    a_payment(first, "40.00 DKK", on=date(2026, 3, 4))
    a_message(first, invoice, step=2, at=NOW + timedelta(days=8))
    a_payment(first, "60.00 DKK", on=date(2026, 3, 12))
    second = an_account(name="Fjordfisk", country="NO", kind="consumer")
    an_entry(second, "50.00 NOK", on=date(2026, 2, 1), due_on=date(2026, 3, 30))
    a_payment(second, "70.00 NOK", on=date(2026, 3, 20))
    third = an_account(name="Bakken", country="DK")
    an_entry(third, "80.00 DKK", on=date(2025, 12, 1), due_on=date(2025, 12, 31))
    an_entry(third, "80.00 DKK", kind="write_off", on=date(2026, 3, 5))
    an_entry(third, "30.00 EUR", on=date(2025, 9, 1), due_on=date(2025, 10, 1))
    return first, second, third


@pytest.mark.parametrize("day", DAYS)
def test_ageing_is_what_was_open_that_day_and_equals_the_ledger(app: Flask, book: tuple[int, int, int], day: date):
    assert aged(day) == aged_by_hand(day)
    told = app.test_cli_runner().invoke(args=["ledger", "open", "--at", day.isoformat(), "--json"])
    open_then = [(row["currency"], row["count"], row["amount"]) for row in json.loads(told.output)]
    found = [(row.currency, row.count, f"{row.amount / 100:.2f}") for row in ageing.read(day) if row.amount]
    assert found == open_then


def test_credit_that_pays_nothing_stands_beside_the_ageing(book: tuple[int, int, int]):
    assert {row.currency: row.credit for row in ageing.read(date(2026, 3, 31)) if row.credit} == {"NOK": 2000}
    assert not any(row.credit for row in ageing.read(date(2026, 3, 19)))


def test_a_payment_counts_for_the_step_it_answered_in_the_week_it_came(book: tuple[int, int, int]):
    (row,) = collected.read(Period(date(2026, 3, 2), date(2026, 3, 20)), date(2026, 3, 20))

    assert row.currency == "DKK"
    assert row.weeks == {date(2026, 3, 2): {1: 4000}, date(2026, 3, 9): {2: 6000}, date(2026, 3, 16): {}}
    assert {"DKK": row.total} == all_collected.total()


def test_what_is_reversed_is_not_collected_in_any_step(book: tuple[int, int, int]):
    payment = db.session.scalar(text("SELECT id FROM entries WHERE kind = 'payment' AND amount = -6000"))
    entries.reverse(payment, on=date(2026, 3, 14), now=NOW + timedelta(days=12), by_id=None)

    (row,) = collected.read(EVER, date(2026, 3, 20))
    assert (row.steps, row.total) == ([1], 4000)
    assert all_collected.total() == {"DKK": 4000}


def test_days_to_pay_run_to_the_payment_that_settled(book: tuple[int, int, int]):
    (march,) = days_to_pay.read(EVER)

    assert (march.first, march.count, march.in_time) == (date(2026, 3, 1), 2, 1)
    assert (march.mean, march.median) == (5.0, 5.0)
    assert days_to_pay.read(Period(until=date(2026, 3, 11))) == []


def test_an_undone_allocation_settled_nothing(book: tuple[int, int, int]):
    payment = db.session.scalar(text("SELECT id FROM entries WHERE kind = 'payment' AND amount = -6000"))
    entries.reverse(payment, on=date(2026, 3, 14), now=NOW + timedelta(days=12), by_id=None)
    a_payment(book[0], "60.00 DKK", on=date(2026, 4, 1), now=NOW + timedelta(days=30))

    assert [(month.first, month.mean) for month in days_to_pay.read(EVER)] == [
        (date(2026, 3, 1), -10.0),
        (date(2026, 4, 1), 40.0),
    ]


def a_promise(account_id: int, amount: int, status: Status, received: int = 0, *, due_on: date, by_id: int) -> None:
    with transaction():
        promise = Promise(account_id=account_id, currency="DKK", amount=amount, due_on=due_on, over_items=False)
        promise.last_entry_id, promise.status, promise.received = 0, status, received
        promise.made_on, promise.made_at, promise.made_by_id = NOW.date(), NOW, by_id
        db.session.add(promise)


def test_the_share_kept_is_of_what_was_judged(book: tuple[int, int, int]):
    me = a_user().id
    for status, amount, received in (
        (Status.KEPT, 5000, 5000), (Status.KEPT_LATE, 1000, 1000), (Status.PART_KEPT, 3000, 900),
        (Status.BROKEN, 1000, 0), (Status.CANCELLED, 7000, 0), (Status.OPEN, 9000, 0),
    ):  # fmt: skip
        a_promise(book[0], amount, status, received, due_on=date(2026, 3, 10), by_id=me)
    a_promise(book[0], 4000, Status.BROKEN, due_on=date(2026, 4, 10), by_id=me)

    (row,) = promises.read(Period(date(2026, 3, 1), date(2026, 3, 31)))

    sql = text(
        "SELECT status, COUNT(*), SUM(amount), SUM(received) FROM promises WHERE due_on < '2026-04-01' GROUP BY status"
    )
    by_hand = {status: tuple(map(int, rest)) for status, *rest in db.session.execute(sql)}
    assert {status: (one.count, one.amount, one.received) for status, one in row.outcomes.items()} == by_hand
    assert row.kept_share == 6000 / 10000


def test_messages_are_counted_by_channel_sender_and_outcome(book: tuple[int, int, int]):
    a_message(book[2], step=3, channel="sms", status="failed", at=datetime.fromisoformat("2026-03-31T23:30+00:00"))

    assert sum(sum(row.outcomes.values()) for row in messages.read(EVER)) == db.session.query(Message).count()
    (march,) = messages.read(Period(date(2026, 3, 1), date(2026, 3, 31)))  # the SMS is of April where the company is
    assert (march.channel, march.automated, march.outcomes["sent"]) == ("email", True, 2)
    (april,) = messages.read(Period(since=date(2026, 4, 1)))
    assert (april.channel, april.outcomes["failed"]) == ("sms", 1)


def test_work_is_counted_for_who_did_it(book: tuple[int, int, int]):
    kim, ida = a_user(name="Kim").id, a_user(name="Ida").id
    spoke = db.session.scalar(text("SELECT id FROM dispositions WHERE name = 'Spoke to Customer'"))
    for by_id, draft in (
        (kim, Draft(disposition_id=spoke)),
        (kim, Draft(kind="note", notes="x")),
        (ida, Draft(kind="meeting", notes="y")),
    ):
        activities.add(book[0], draft, now=NOW, by_id=by_id)
    tasks.complete(a_task(book[1], kim), outcome="Done.", now=NOW, by_id=kim)
    a_promise(book[0], 100, Status.KEPT, due_on=NOW.date(), by_id=ida)

    found = {row.name: row for row in work.read(Period(NOW.date(), NOW.date()))}

    assert (found["Kim"].kinds, found["Kim"].dispositions) == ({"call": 1, "note": 1}, {"Spoke to Customer": 1, "": 1})
    assert (found["Kim"].tasks, found["Kim"].promises, found["Kim"].messages) == (1, 0, 0)
    assert (found["Ida"].kinds, found["Ida"].promises) == ({"meeting": 1}, 1)
    assert [row.name for row in work.read(EVER, by_id=ida)] == ["Ida"]
    assert work.read(Period(since=date(2026, 3, 3))) == []


def a_task(account_id: int, by_id: int) -> int:
    return tasks.create(account_id, note="Look", due_on=NOW.date(), assignee_id=None, now=NOW, by_id=by_id)


def test_a_selection_narrows_every_report(book: tuple[int, int, int]):
    (first, second, _third), owner = book, a_user().id
    with transaction():
        db.session.add(AccountTag(account_id=first, tag="vip"))
        db.session.get_one(Account, second).owner_id = owner

    assert [row.currency for row in ageing.read(DAYS[0], Selection(country="NO"))] == ["NOK"]
    assert [row.currency for row in ageing.read(DAYS[0], Selection(kind="business"))] == ["DKK", "EUR"]
    assert [row.currency for row in ageing.read(DAYS[0], Selection(owner_id=owner))] == ["NOK"]
    assert [row.currency for row in ageing.read(DAYS[0], Selection(owner_id=NOBODY, tag="vip"))] == ["DKK"]
    assert collected.read(EVER, DAYS[2], Selection(country="NO")) == []
    assert [row.total for row in collected.read(EVER, DAYS[2], Selection(tag="vip"))] == [10000]
    assert [month.count for month in days_to_pay.read(EVER, Selection(kind="consumer"))] == [1]
    assert messages.read(EVER, Selection(country="NO")) == []


@books.needs_ibm
def test_ageing_and_days_to_pay_of_a_real_book(app: Flask, tmp_path: Path):
    path = books.ibm_until(date(2012, 4, 30), tmp_path)
    books.put(path)
    invoices = [invoice for of_customer in standard.read(path).values() for invoice in of_customer]

    for day in (date(2012, 2, 15), date(2012, 3, 31), date(2012, 5, 20)):
        expected: dict[str, int] = defaultdict(int)
        for each in invoices:
            if each.issued <= day < each.settled:
                late = (day - each.due).days
                expected[next(name for limit, name in NAMES.items() if late <= limit)] += int(each.amount * 100)
        assert {bucket: amount for (_currency, bucket), (_count, amount) in aged(day).items()} == expected

    months: dict[date, list[int]] = defaultdict(list)
    for each in invoices:
        months[each.settled.replace(day=1)].append((each.settled - each.due).days)
    by_hand = [(month, len(days), pytest.approx(mean(days)), median(days)) for month, days in sorted(months.items())]
    assert [(each.first, each.count, each.mean, each.median) for each in days_to_pay.read(EVER)] == by_hand
