"""A first pass over a large book, against the least SQL that could do the same."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, text

from bench.shares import measured
from wiseops.extensions import db
from wiseops.models import Account, Contact, Entry
from wiseops.services import automation

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 3)
LIMIT = 25
PARTS = {
    "reading accounts and what they owe": (automation.snapshots, "load"),
    "deciding": (automation, "decide_one"),
    "engagements and the outbox": (automation.decisions.engagements, "apply"),
    "storing decisions and totals": (automation.decisions, "store"),
}
_CHUNK = 5000

AGGREGATE = """
UPDATE accounts SET stage = CASE WHEN owed.overdue > 0 THEN 'scheduled' ELSE 'outstanding' END,
                    step = owed.overdue, send_at = :now, wake_at = :now, decided_at = :now, rules_version = 1
FROM (SELECT account_id, SUM(CASE WHEN due_on < :today THEN open ELSE 0 END) AS overdue, MIN(due_on) AS oldest
      FROM entries WHERE open > 0 GROUP BY account_id) AS owed
WHERE owed.account_id = accounts.id"""


OUTBOX = """
INSERT INTO messages (account_id, step, channel, automated, status, reason, ref, to_address, cc, diverted_to, language,
                      subject, body, sha256, segments, backend, attempts, queued_at, not_before)
SELECT id, 1, 'email', :yes, 'queued', '', number, '', '[]', '', '', '', '', '', 1, '', 0, :now, :now FROM accounts
WHERE step > 0"""


def run(engine: str, accounts: int) -> None:
    """Builds the book, measures the floor, the first pass and a pass with nothing due; prints them."""
    build(accounts)
    floor = timed(least_sql)
    before = memory()
    with measured(PARTS) as shares:
        first = timed(lambda: automation.run(NOW))
    grown = (memory() - before) / 1024
    idle = min(timed(lambda: automation.run(NOW)) for _ in range(5))
    queued = db.session.scalar(text("SELECT COUNT(*) FROM messages WHERE status = 'queued'"))
    print(f"{engine}: {accounts} accounts, {3 * accounts} open invoices, {queued} messages queued")
    print(f"  one UPDATE and one INSERT   {floor:8.2f} s")
    print(f"  first pass                  {first:8.2f} s   {first / floor:5.1f} times (limit {LIMIT})")
    for part in PARTS:
        print(f"    {part:36}{shares[part]:6.2f} s   {shares[part] / first:5.0%}")
    print(f"  pass with nothing due       {idle * 1000:8.1f} ms (limit 100)")
    print(f"  memory grown by the pass    {grown:8.1f} MiB", flush=True)


def build(accounts: int) -> None:
    """`accounts` customers with an e-mail address and three open invoices each, nine in ten of them overdue."""
    for start in range(1, accounts + 1, _CHUNK):
        ids = range(start, min(start + _CHUNK, accounts + 1))
        rows = [{"id": n, "number": f"K{n}", "name": f"Customer {n}", "country": "DK", "created_at": NOW} for n in ids]
        mails = [{"account_id": n, "email": f"k{n}@example.com", "default_email": True} for n in ids]
        db.session.execute(insert(Account), rows)
        db.session.execute(insert(Contact), mails)
        db.session.execute(insert(Entry), [invoice(n, part) for n in ids for part in range(3)])
        db.session.commit()
    db.session.execute(text("UPDATE automation SET paused = :no"), {"no": False})
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def invoice(account: int, part: int) -> dict[str, object]:
    """The invoice `part` (0 to 2) of an account; every tenth account owes nothing overdue."""
    due = TODAY + timedelta(days=9 if account % 10 == 0 else -(account % 17) - 4 * (part + 1))
    amount = 10_000 + account % 997
    return {
        "account_id": account,
        "kind": "invoice",
        "number": f"{account}-{part}",
        "issued_on": due - timedelta(days=30),
        "due_on": due,
        "currency": "DKK",
        "amount": amount,
        "open": amount,
        "posted_at": NOW - timedelta(days=60),
    }


def least_sql() -> None:
    """What a program could not do with less; rolled back."""
    with db.engine.connect() as connection:
        now = NOW.replace(tzinfo=None)
        connection.execute(text(AGGREGATE), {"today": TODAY, "now": now})
        connection.execute(text(OUTBOX), {"now": now, "yes": True})
        connection.rollback()


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work()` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def memory() -> int:
    """KiB this process had at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
