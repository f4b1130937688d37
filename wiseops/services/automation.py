"""Decides about accounts and stores what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from wiseops.extensions import db
from wiseops.models import EPOCH, Account, Automation
from wiseops.services.transaction import transaction


def touch(account_ids: Iterable[int]) -> None:
    """Something a decision depends on changed: the account is due at once. Call it in the changing transaction."""
    with transaction():
        db.session.execute(
            update(Account)
            .where(Account.id.in_(sorted(set(account_ids))))
            .values(rev=Account.rev + 1, wake_at=EPOCH)
            .execution_options(synchronize_session=False)
        )


def rules_changed() -> None:
    """Plans, exclusions, templates, company rules or the pause changed: every account is due."""
    with transaction():
        db.session.execute(update(Automation).values(rules_version=Automation.rules_version + 1))


def decide(account_ids: Iterable[int], now: datetime) -> None:
    """Decides these accounts and stores the outcome, so that the next page shows it."""
