"""Which messages the Standard plan must send on a book of invoices each paid in one sum: written from the design's
sentences alone, over the file itself. It shares no line with wiseops and must not import it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Copenhagen")
DANISH = holidays.country_holidays("DK", years=range(2010, 2020))
STEPS = {1: (3, "email"), 2: (10, "email"), 3: (20, "email"), 4: (30, "call")}
GAP = timedelta(days=5)
STOP_BELOW = Decimal("5.00")


@dataclass(frozen=True)
class Invoice:
    number: str
    issued: date
    due: date
    amount: Decimal
    settled: date

    def is_overdue(self, day: date) -> bool:
        return self.issued <= day < self.settled and self.due < day


@dataclass
class Engagement:
    """One run of the plan; `anchors` is None until step 1's moment."""

    anchors: list[Invoice] | None = None
    done: dict[int, date] = field(default_factory=dict)
    matched: list[Invoice] = field(default_factory=list)
    pushed: date | None = None
    sent_a_message: bool = False
    number: int = 0


def read(path: Path) -> dict[str, list[Invoice]]:
    """The invoices of each customer."""
    book: dict[str, list[Invoice]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            book.setdefault(row["customerID"], []).append(
                Invoice(
                    row["invoiceNumber"],
                    day(row["InvoiceDate"]),
                    day(row["DueDate"]),
                    Decimal(row["InvoiceAmount"]),
                    day(row["SettledDate"]),
                )
            )
    return book


def day(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def messages(book: dict[str, list[Invoice]], first: date, last: date, currency: str) -> list[dict]:
    """The rows that a replay of these days must answer."""
    rows = [row for account, invoices in book.items() for row in _of_account(account, invoices, first, last, currency)]
    return sorted(rows, key=lambda row: (row["at"], row["account"], row["currency"]))


def _of_account(account: str, invoices: list[Invoice], first: date, last: date, currency: str) -> Iterator[dict]:
    run: Engagement | None = None
    last_contact: date | None = None
    last_settling: date | None = None
    engagements = 0
    day = first
    while day <= last:
        overdue = sorted((i for i in invoices if i.is_overdue(day)), key=lambda i: (i.due, i.issued, i.number))
        paid = [i for i in invoices if i.settled == day]
        if run is not None:
            held_to = run.matched if run.anchors is None else run.anchors
            if not any(i in overdue for i in held_to):
                if run.anchors is not None:
                    last_settling = max(i.settled for i in run.anchors)
                run = None
            elif run.sent_a_message and run.pushed is None and any(i.due < day for i in paid):
                run.pushed = day
        if run is None and overdue:
            run = Engagement(matched=list(overdue))
        if run is not None and _may_go(run, overdue, day, last_contact, last_settling):
            step = next(s for s in STEPS if s not in run.done)
            if run.anchors is None:
                run.anchors = list(overdue)
                engagements += 1
                run.number = engagements
            run.done[step] = last_contact = day
            run.pushed = None
            channel = STEPS[step][1]
            run.sent_a_message = run.sent_a_message or channel == "email"
            yield _row(account, run, step, channel, overdue, day, currency)
        day += timedelta(days=1)


def _may_go(
    run: Engagement, overdue: list[Invoice], day: date, last_contact: date | None, last_settling: date | None
) -> bool:
    """Whether the next step goes at 10:00 of `day`."""
    step = next((s for s in STEPS if s not in run.done), None)
    if step is None or sum(i.amount for i in overdue) < STOP_BELOW:
        return False
    if day.weekday() > 4 or day in DANISH:
        return False
    anchors = overdue if run.anchors is None else [i for i in run.anchors if i in overdue]
    if day < min(i.due for i in anchors) + timedelta(days=STEPS[step][0]):
        return False
    return all(since is None or day >= since + GAP for since in (last_contact, last_settling, run.pushed))


def _row(
    account: str, run: Engagement, step: int, channel: str, overdue: list[Invoice], day: date, currency: str
) -> dict:
    items = [i for i in overdue if i in run.anchors]
    return {
        "at": datetime.combine(day, time(10), ZONE).astimezone(UTC).isoformat(),
        "account": account,
        "engagement": run.number,
        "step": step,
        "channel": channel,
        "items": [i.number for i in items],
        "also": [i.number for i in overdue if i not in run.anchors],
        "amount": f"{sum(i.amount for i in items):.2f}",
        "currency": currency,
    }
