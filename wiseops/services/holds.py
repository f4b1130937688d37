"""Holds: an account rests until a day, or until they answer."""

from __future__ import annotations

from datetime import date, datetime

from wiseops.domain.errors import Refused
from wiseops.models import Account
from wiseops.queries import company
from wiseops.services import automation, events, locks
from wiseops.services.transaction import transaction


def hold(
    account_id: int,
    *,
    until: date,
    until_reply: bool = False,
    reason: str,
    now: datetime,
    by_id: int | None,
    decides: bool = True,
) -> None:
    """Nothing goes before `until`, or until they answer; the stage stays, and the hold ends by itself."""
    with transaction():
        account = locks.account(account_id)
        if until <= company.today(now):
            raise Refused("Choose a day after today.", "until")
        account.hold_until, account.hold_until_reply, account.hold_reason = until, until_reply, reason.strip()[:200]
        facts = {"until": until.isoformat(), "until_reply": until_reply, "reason": account.hold_reason}
        events.record("account_held", account_id=account_id, at=now, by_id=by_id, **facts)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def release(account_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Ends a hold before its day."""
    with transaction():
        account = locks.account(account_id)
        if account.hold_until is None:
            raise Refused("The account is not held.")
        _release(account, now=now, by_id=by_id)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def heard_from(account_id: int, *, now: datetime) -> None:
    """They wrote: a hold that was to last until then is over, and the account is due."""
    with transaction():
        account = locks.account(account_id)
        if account.hold_until_reply:
            _release(account, now=now, by_id=None)
        automation.touch([account_id])


def _release(account: Account, *, now: datetime, by_id: int | None) -> None:
    account.hold_until, account.hold_until_reply, account.hold_reason = None, False, ""
    events.record("account_released", account_id=account.id, at=now, by_id=by_id)
