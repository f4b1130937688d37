"""Accounts: opened, changed and blocked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from wiseops.domain import accounts, search
from wiseops.domain.accounts import Details
from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Task, User
from wiseops.queries import accounts as found
from wiseops.queries import company
from wiseops.services import automation, contacts, events, locks, words
from wiseops.services.transaction import transaction


def create(details: Details, *, owner_id: int | None = None, now: datetime, by_id: int | None = None) -> int:
    """Opens an account and decides about it. Answers its id."""
    account_id = add(details, owner_id=owner_id, now=now, by_id=by_id)
    automation.decide([account_id], now)
    return account_id


def update(account_id: int, details: Details, *, owner_id: int | None, now: datetime, by_id: int | None) -> None:
    """Replaces what describes the account, tags and owner included."""
    change(account_id, details, owner_id=owner_id, now=now, by_id=by_id)
    automation.decide([account_id], now)


def add(details: Details, *, owner_id: int | None = None, now: datetime, by_id: int | None = None) -> int:
    """As create, without deciding: for callers that open many."""
    details = accounts.check(details)
    with transaction():
        _refuse_taken(details.number)
        _check_owner(owner_id)
        account = Account(**_columns(details), owner_id=owner_id, created_at=now)
        db.session.add(account)
        db.session.flush()
        _put_tags(account.id, details.tags)
        words.add(account.id, search.words(details.number) | search.words(details.name))
        events.record("account_created", account_id=account.id, at=now, by_id=by_id, number=details.number)
        return account.id


def change(account_id: int, details: Details, *, owner_id: int | None, now: datetime, by_id: int | None = None) -> bool:
    """As update, without deciding. Answers whether anything was different."""
    details = accounts.check(details)
    with transaction():
        account = locks.account(account_id)
        before = asdict(found.details(account)) | {"owner_id": account.owner_id}
        after = asdict(details) | {"owner_id": owner_id}
        changed = sorted(field for field in after if after[field] != before[field])
        if not changed:
            return False
        if "number" in changed:
            _refuse_taken(details.number)
        _check_owner(owner_id)
        for column, value in (_columns(details) | {"owner_id": owner_id}).items():
            setattr(account, column, value)
        if "tags" in changed:
            _put_tags(account_id, details.tags)
        if {"number", "name"} & set(changed):
            words.refresh(account_id)
        if "country" in changed:
            contacts.respell(account_id, details.country)
        events.record("account_changed", account_id=account_id, at=now, by_id=by_id, fields=changed)
        automation.touch([account_id])
    return True


def assign(account_ids: Iterable[int], *, owner_id: int | None, now: datetime, by_id: int | None) -> None:
    """Gives accounts to a collector, or to nobody. Nothing that is decided depends on it."""
    with transaction():
        _check_owner(owner_id)
        ids = locks.accounts(account_ids)
        db.session.execute(sa.update(Account).where(Account.id.in_(ids)).values(owner_id=owner_id))
        for account_id in ids:
            events.record("account_assigned", account_id=account_id, at=now, by_id=by_id, owner_id=owner_id)


def block(
    account_id: int, *, reason: str, review_on: date | None, now: datetime, by_id: int | None, decides: bool = True
) -> None:
    """Stops every reminder until a person unblocks; a review date makes a task, and unblocks nothing."""
    if not reason.strip():
        raise Refused("Say why the account is blocked.", "reason")
    with transaction():
        account = locks.account(account_id)
        if review_on is not None and review_on <= company.today(now):
            raise Refused("Choose a day after today.", "review_on")
        account.blocked_at, account.blocked_by_id = now, by_id
        account.block_reason, account.block_review_on = reason.strip()[:200], review_on
        _close_review(account_id, now, by_id)
        if review_on is not None:
            _open_review(account, review_on, now, by_id)
        review = review_on and review_on.isoformat()
        events.record(
            "account_blocked", account_id=account_id, at=now, by_id=by_id, reason=account.block_reason, review_on=review
        )
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def unblock(account_id: int, *, now: datetime, by_id: int | None, decides: bool = True) -> None:
    """Ends a block set by hand: the engagement goes on where it stood."""
    with transaction():
        account = locks.account(account_id)
        if account.blocked_at is None:
            raise Refused("The account is not blocked by hand.")
        account.blocked_at = account.blocked_by_id = account.block_review_on = None
        account.block_reason = ""
        _close_review(account_id, now, by_id)
        events.record("account_unblocked", account_id=account_id, at=now, by_id=by_id)
        automation.touch([account_id])
    if decides:
        automation.decide([account_id], now)


def _columns(details: Details) -> dict[str, Any]:
    columns = asdict(details)
    del columns["tags"]
    return columns | {"search": details.search}


def _refuse_taken(number: str) -> None:
    if db.session.scalar(select(Account.id).where(Account.number == number)) is not None:
        raise Refused(f"There is an account {number} already.", "number")


def _check_owner(owner_id: int | None) -> None:
    if owner_id is not None and db.session.get(User, owner_id) is None:
        raise Refused("There is no such collector.", "owner_id")


def _put_tags(account_id: int, tags: Iterable[str]) -> None:
    db.session.execute(sa.delete(AccountTag).where(AccountTag.account_id == account_id))
    if rows := [{"account_id": account_id, "tag": tag} for tag in sorted(tags)]:
        db.session.execute(sa.insert(AccountTag), rows)


def _open_review(account: Account, on: date, now: datetime, by_id: int | None) -> None:
    """The task of a block's review date: the very one that deciding would make, so that there is one."""
    key = f"block_review:{account.id}:{on.isoformat()}"
    task = db.session.scalar(select(Task).where(Task.key == key)) or Task(account_id=account.id, key=key)
    task.kind, task.due_on, task.assignee_id, task.note = "block_review", on, by_id, account.block_reason
    task.status, task.created_at, task.created_by_id, task.done_at, task.done_by_id = "open", now, by_id, None, None
    db.session.add(task)


def _close_review(account_id: int, now: datetime, by_id: int | None) -> None:
    of_block = (Task.account_id == account_id, Task.kind == "block_review", Task.status == "open")
    db.session.execute(sa.update(Task).where(*of_block).values(status="cancelled", done_at=now, done_by_id=by_id))
