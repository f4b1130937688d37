"""Accounts where it is a decent hour now, or the middle of the night, whenever the test runs."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from tests.factories import a_debtor
from wiseops.extensions import db
from wiseops.models import Guardrail
from wiseops.services import automation
from wiseops.services.transaction import transaction

NUMBER = "+18002255288"
"""Belongs to no one time zone."""


def a_debtor_awake(**details: object) -> int:
    """An account that may be contacted now: it is noon there."""
    return _a_debtor(12, **details)


def a_debtor_asleep(**details: object) -> int:
    """An account where it is just past midnight."""
    return _a_debtor(0, **details)


def _a_debtor(hour: int, **details: object) -> int:
    with transaction():
        db.session.execute(update(Guardrail).values(weekdays=[0, 1, 2, 3, 4, 5, 6], holidays=False))
        automation.rules_changed()
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    values = {"phone": NUMBER, "country": "DK", "timezone": f"Etc/GMT{-ahead:+d}"} | details
    return a_debtor(**values)  # type: ignore[arg-type]
