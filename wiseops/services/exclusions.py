"""Exclusions: a named rule, or a pasted list of accounts, that automation leaves alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert

from wiseops.domain import drafts
from wiseops.domain.errors import Refused
from wiseops.domain.plans import Conditions
from wiseops.extensions import db
from wiseops.models import ExcludedAccount, Exclusion
from wiseops.queries import exclusions as queries
from wiseops.services import automation, events
from wiseops.services.transaction import transaction

LONGEST_LIST = 100_000
_NAMED = 5


def save(
    exclusion_id: int | None,
    *,
    name: str,
    conditions: Conditions | None,
    numbers: Sequence[str] = (),
    active: bool = True,
    now: datetime,
    by_id: int | None = None,
) -> tuple[int, bool]:
    """Keeps a rule (`conditions`) or a list (`numbers`; conditions None). Its id, and whether anything changed."""
    name = name.strip()
    with transaction():
        drafts.check_exclusion(name, conditions)
        listed = set() if conditions is not None else _accounts(numbers)
        other = queries.named(name)
        if other is not None and other.id != exclusion_id:
            raise Refused("There is an exclusion of that name already.", "name")
        row = Exclusion(name="") if exclusion_id is None else queries.row(exclusion_id)
        before = (row.name, row.active, row.conditions, set(queries.account_ids(row.id)) if exclusion_id else set())
        stored = None if conditions is None else conditions.to_json()
        if before == (name, active, stored, listed):
            return row.id, False
        row.name, row.active, row.conditions = name, active, stored
        db.session.add(row)
        db.session.flush()
        _list(row.id, listed)
        _changed("exclusion_changed" if exclusion_id else "exclusion_created", row, now, by_id)
        return row.id, True


def remove(exclusion_id: int, *, now: datetime, by_id: int | None = None) -> None:
    """Deletes it; a block that it caused ends with the next decision."""
    with transaction():
        row = queries.row(exclusion_id)
        _list(exclusion_id, set())
        _changed("exclusion_deleted", row, now, by_id)
        db.session.delete(row)


def _accounts(numbers: Sequence[str]) -> set[int]:
    if not numbers:
        raise Refused("Paste at least one account number.", "numbers")
    if len(numbers) > LONGEST_LIST:
        raise Refused(f"A list has at most {LONGEST_LIST} accounts. Use a rule instead.", "numbers")
    found = queries.accounts(numbers)
    unknown = [number for number in dict.fromkeys(numbers) if number not in found]
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        raise Refused(f"No account has the number {', '.join(unknown[:_NAMED])}{more}.", "numbers")
    return set(found.values())


def _list(exclusion_id: int, account_ids: set[int]) -> None:
    db.session.execute(delete(ExcludedAccount).where(ExcludedAccount.exclusion_id == exclusion_id))
    if account_ids:
        rows = [{"exclusion_id": exclusion_id, "account_id": account_id} for account_id in sorted(account_ids)]
        db.session.execute(insert(ExcludedAccount), rows)


def _changed(kind: str, row: Exclusion, now: datetime, by_id: int | None) -> None:
    events.record(kind, account_id=None, at=now, by_id=by_id, exclusion=row.name)
    automation.rules_changed()
