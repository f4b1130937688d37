"""How long pages take on a large book and on a busy account: each view asked thrice, the best shown."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import Context
from datetime import UTC, datetime, timedelta

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bench.passes import NOW, TODAY, build, timed
from wiseops.extensions import db
from wiseops.models import Activity, Message, User
from wiseops.services import automation

VIEWS = (
    "?stage=outstanding",
    "?stage=scheduled",
    "?stage=scheduled&sort=name",
    "?stage=scheduled&sort=-balance",
    "?stage=scheduled&sort=-overdue",
    "?stage=scheduled&sort=-since",
    "?stage=scheduled&page=1000",
    "?stage=scheduled&q=customer+77",
    "?stage=scheduled&q=K777",
    "?stage=scheduled&country=NO",
    "?stage=scheduled&held=1",
    "?stage=scheduled&addressless=1",
    "?stage=scheduled&owner=none",
    "?stage=blocked",
    "/live?stage=scheduled",
    "/weeks",
    "/acts/hold?stage=scheduled&all=1",
)

OF_ACCOUNT = ("", "/collections", "/history?kind=payment", "/history?q=number+77", "/messages", "/ledger")
ACTIVITIES, MESSAGES = 10_000, 2_000

LISTED = """
INSERT INTO message_items (message_id, entry_id, demanded, amount, currency)
SELECT m.id, e.id, :yes, e.open, e.currency FROM messages m JOIN entries e ON e.account_id = m.account_id"""
PAID = """
INSERT INTO entries (account_id, kind, number, issued_on, due_on, currency, amount, open, disputed, payment_reference,
                     allocate_to, waiting, note, source, posted_at)
SELECT id, 'payment', 'P' || number, :today, :today, 'DKK', -5000, 0, 0, '', '', :no, '', 'bench', :now
FROM accounts WHERE id % 3 = 0"""
ALLOCATED = """
INSERT INTO allocations (account_id, debit_id, credit_id, amount, effective_on, at)
SELECT c.account_id, (SELECT MIN(d.id) FROM entries d WHERE d.account_id = c.account_id), c.id, 5000, :today, :now
FROM entries c WHERE c.kind = 'payment'"""


def run(engine: str, accounts: int) -> None:
    """Builds a book of which most was reminded and a third paid something; prints a line for each view."""
    build(accounts)
    automation.run(NOW)
    db.session.execute(text("UPDATE messages SET status = 'sent', sent_at = :now"), {"now": NOW})
    days = {"today": TODAY, "now": NOW, "yes": True, "no": False}
    db.session.execute(text("UPDATE engagements SET first_message_on = :today, last_message_on = :today"), days)
    for statement in (LISTED, PAID, ALLOCATED):
        db.session.execute(text(statement), days)
    user = {"email": "b@example.com", "name": "B", "password_hash": "", "role": "admin", "active": True}
    db.session.execute(insert(User), [{**user, "created_at": datetime.now(UTC)}])
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    client = current_app.test_client()  # type: ignore[attr-defined]
    with client.session_transaction() as session:
        session["_user_id"] = "1.1"
    print(f"{engine}: the Auto Collection page on {accounts} accounts")
    _show(client, "/auto-collection", VIEWS)
    print(f"{engine}: the worklist on {accounts} accounts")
    _show(client, "/", ("", "?who=none", "?who=all"))
    print(f"{engine}: ageing on {accounts} accounts (limit 300 ms)")
    _show(client, "/reports/ageing", ("", "?country=DK", f"?to={TODAY - timedelta(days=30)}"))
    _busy()
    print(f"{engine}: an account with {ACTIVITIES} activities and {MESSAGES} messages (limits 150 ms, a tab 100 ms)")
    _show(client, "/accounts/1", OF_ACCOUNT)


def _busy() -> None:
    """Much happens on account 1."""
    at = [NOW - timedelta(hours=hour) for hour in range(ACTIVITIES)]
    called = {"account_id": 1, "kind": "call", "direction": "out", "disposition_id": 1, "by_id": 1}
    notes = [
        {**called, "notes": f"Note number {n}, as long as people write. " * 4, "at": day} for n, day in enumerate(at)
    ]
    db.session.execute(insert(Activity), notes)
    db.session.execute(
        text("UPDATE contacts SET phone = '+4520123456', default_sms = :yes WHERE account_id = 1"), {"yes": True}
    )
    sent = {
        "account_id": 1,
        "channel": "sms",
        "automated": False,
        "status": "sent",
        "to_address": "+4520123456",
        "body": "As long as it may be. " * 30,
    }
    days = [
        {"ref": f"busy{n}", "queued_at": day, "not_before": day, "sent_at": day} for n, day in enumerate(at[:MESSAGES])
    ]
    db.session.execute(insert(Message), [{**sent, **day} for day in days])
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _show(client: FlaskClient, page: str, views: Sequence[str]) -> None:
    for view in views:
        best = min(timed(lambda view=view: _get(client, page + view)) for _ in range(3))
        print(f"  {view:42}{best * 1000:8.0f} ms", flush=True)


def _get(client: FlaskClient, address: str) -> None:
    """In a context of its own, as a server does: nothing of one request is left for the next."""
    answer = Context().run(client.get, address)
    assert answer.status_code == 200, answer.status
