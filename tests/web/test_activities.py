"""The collections and messages tabs."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import NOW, a_payment, an_account, an_entry
from tests.web.conftest import Browser
from wiseops.services import accounts, entries, events
from wiseops.services.transaction import transaction
from wiseops.web.clock import now, today


def test_what_happened_is_told_in_words(collector: Browser):
    account = an_account()
    an_entry(account, "1250.00 DKK", number="A-1")
    payment = a_payment(account, "50.00 DKK", number="P-1")
    entries.reverse(payment, on=today() + timedelta(days=1), now=NOW, by_id=None)
    accounts.block(account, reason="Bankrupt", review_on=today() + timedelta(days=9), now=now(), by_id=None)
    with transaction():
        events.record("something_new", account_id=account, at=NOW)

    text = collector.get(f"/accounts/{account}/collections").text

    for sentence in (
        "Account opened",
        "Invoice A-1 recorded: 1,250.00 DKK",
        "Payment P-1 reversed: 50.00 DKK",
        "Blocked: Bankrupt",
        "Review the block",
        "Something new",
    ):
        assert sentence in text


def test_an_account_without_messages_says_so(collector: Browser):
    assert "No messages yet" in collector.get(f"/accounts/{an_account()}/messages").text
