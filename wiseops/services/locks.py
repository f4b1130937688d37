"""Account rows, locked before anything on the account is written; several in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Account
from wiseops.queries.among import among, rows_of

_LOCKED = select(Account.id).where(among(Account.id)).order_by(Account.id).with_for_update()


def account(account_id: int) -> Account:
    """The account, its row locked until the running transaction ends."""
    fresh = {"populate_existing": True}
    found = db.session.get(Account, account_id, with_for_update=True, execution_options=fresh)
    if found is None:
        raise NotFound(f"account {account_id}")
    return found


def accounts(account_ids: Iterable[int]) -> list[int]:
    """Locks accounts in the order that everyone locks them in, that of their ids."""
    wanted = sorted(set(account_ids))
    ids = [row.id for row in rows_of(wanted, _LOCKED)]
    if missing := set(wanted) - set(ids):
        raise NotFound(f"account {min(missing)}")
    return ids
