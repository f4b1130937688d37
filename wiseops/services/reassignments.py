"""Reassignments: accounts go from one collector to another, with what is open about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, union, update

from wiseops.domain.disputes import RESTING
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, Dispute, Promise, Task
from wiseops.services import accounts, automation, locks, tasks
from wiseops.services.transaction import transaction

_OPEN: tuple[tuple[Any, ColumnElement[bool]], ...] = (
    (Task.assignee_id, Task.status == "open"),
    (Promise.assignee_id, Promise.status == "open"),
    (Dispute.owner_id, Dispute.status.in_(RESTING)),
)
"""Who has what is open about an account: tasks, and those that will ask for tasks."""


def take(account_id: int, *, now: datetime, by_id: int) -> None:
    """Somebody takes an account that nobody has. Refused where another was first."""
    with transaction():
        account = locks.account(account_id)
        if account.owner_id is not None and account.owner_id != by_id:
            raise Refused("Somebody has taken it already.")
        accounts.assign([account_id], owner_id=by_id, now=now, by_id=by_id)


def reassign(
    account_ids: Iterable[int], *, to_id: int | None, from_id: int | None = None, now: datetime, by_id: int | None
) -> int:
    """Gives accounts, and what is open of who had them, to somebody. Answers how many accounts.

    `from_id`: only what this person has of them; None: whoever has them.
    """
    if to_id is None:
        raise Refused("Choose who is to have them.", "to")
    with transaction():
        tasks.check_assignee(to_id)
        ids = locks.accounts(account_ids)
        if not ids:
            raise Refused("Choose at least one account.")
        for whose, is_open in _OPEN:
            of_these = (whose.class_.account_id.in_(ids), is_open, _had_by(whose, from_id))
            db.session.execute(update(whose.class_).where(*of_these).values({whose: to_id}))
        owned = [Account.id.in_(ids)] if from_id is None else [Account.id.in_(ids), Account.owner_id == from_id]
        accounts.assign(db.session.scalars(select(Account.id).where(*owned)), owner_id=to_id, now=now, by_id=by_id)
        automation.touch(ids)
        return len(ids)


def reassign_all(from_id: int, *, to_id: int | None, now: datetime, by_id: int | None) -> int:
    """Everything that one person has. Answers how many accounts."""
    if to_id == from_id:
        raise Refused("Choose somebody else.", "to")
    mine = select(Account.id).where(Account.owner_id == from_id)
    told = [select(whose.class_.account_id).where(whose == from_id, is_open) for whose, is_open in _OPEN]
    with transaction():
        return reassign(db.session.scalars(union(mine, *told)), to_id=to_id, from_id=from_id, now=now, by_id=by_id)


def _had_by(whose: Any, from_id: int | None) -> ColumnElement[bool]:
    owner = select(Account.owner_id).where(Account.id == whose.class_.account_id).scalar_subquery()
    is_theirs: ColumnElement[bool] = whose == (owner if from_id is None else from_id)
    return is_theirs
