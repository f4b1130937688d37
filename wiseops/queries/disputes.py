"""Disputes of accounts: those that are watched as decisions see them, and all of them for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from wiseops.domain import disputes as rules
from wiseops.domain.disputes import CREDITING, RESTING, WATCHED
from wiseops.domain.errors import NotFound
from wiseops.extensions import db
from wiseops.models import Allocation, Dispute, DisputeFile, Entry, File, User
from wiseops.queries import entries as items_of
from wiseops.queries.among import among
from wiseops.queries.unindexed import unindexed

_CREDIT = aliased(Entry)
_MORE = (
    select(func.sum(Allocation.amount).label("amount"))
    .join(_CREDIT, _CREDIT.id == Allocation.credit_id)
    .where(Allocation.debit_id == Dispute.entry_id, Allocation.id > Dispute.last_allocation_id)
    .where(_CREDIT.kind.in_(CREDITING))
    .group_by(Allocation.credit_id)
    .having(func.sum(Allocation.amount) > 0)
    .correlate(Dispute)
    .subquery()
)
"""By how much each credit note or the like pays more of the item since: one allocated again pays no more."""
_CREDITED = select(func.coalesce(func.sum(_MORE.c.amount), 0)).correlate(Dispute).scalar_subquery()
_WATCHED = (
    select(Dispute, _CREDITED)
    .where(among(Dispute.account_id), unindexed(Dispute.status).in_(WATCHED))
    .order_by(Dispute.id)
    .execution_options(populate_existing=True)
)
_OWNER, _OPENED_BY, _DECIDED_BY = aliased(User), aliased(User), aliased(User)
_LISTED = (
    select(Dispute, _CREDITED, Entry, _OWNER.name, _OPENED_BY.name, _DECIDED_BY.name)
    .join(Entry, Entry.id == Dispute.entry_id)
    .outerjoin(_OWNER, _OWNER.id == Dispute.owner_id)
    .outerjoin(_OPENED_BY, _OPENED_BY.id == Dispute.opened_by_id)
    .outerjoin(_DECIDED_BY, _DECIDED_BY.id == Dispute.decided_by_id)
    .where(Dispute.account_id == bindparam("account_id"))
    .order_by(Dispute.status.not_in(RESTING), Dispute.id.desc())
)
_RESTING = _LISTED.where(Dispute.status.in_(RESTING))


@dataclass(frozen=True, slots=True)
class Listed:
    """A dispute as people read it: its terms, its item, who has to do with it, and the evidence."""

    dispute: Dispute
    terms: rules.Dispute
    entry: Entry
    owner: str | None
    opened_by: str | None
    decided_by: str | None
    files: tuple[File, ...] = ()

    @property
    def rests(self) -> int:
        """What rests now; nothing once it is over."""
        return self.terms.rests(max(0, self.entry.open)) if self.dispute.status in RESTING else 0


def get(account_id: int, dispute_id: int) -> Dispute:
    """The account's dispute, or NotFound."""
    dispute = db.session.get(Dispute, dispute_id, populate_existing=True)
    if dispute is None or dispute.account_id != account_id:
        raise NotFound(f"dispute {dispute_id}")
    return dispute


def watched(account_ids: Sequence[int]) -> dict[int, tuple[rules.Dispute, ...]]:
    """The disputes of these accounts that may still change; most books have few."""
    found: dict[int, list[rules.Dispute]] = defaultdict(list)
    for row, credited in db.session.execute(_WATCHED, {"ids": account_ids}):
        found[row.account_id].append(_terms(row, credited))
    return {account_id: tuple(disputes) for account_id, disputes in found.items()}


def of_account(account_id: int, *, resting: bool = False) -> list[Listed]:
    """Every dispute, those that rest first, then the latest; or only those that are `resting`."""
    rows: Any = db.session.execute(_RESTING if resting else _LISTED, {"account_id": account_id}).all()
    files = {} if resting else _files([row[0].id for row in rows])
    return [
        Listed(row, _terms(row, credited), entry, owner_name, opener, decider, files.get(row.id, ()))
        for row, credited, entry, owner_name, opener, decider in rows
    ]


def resting(entries: Sequence[Entry], listed: Sequence[Listed]) -> dict[int, int]:
    """What is disputed of each of these entries, imported figures included."""
    items = [items_of.item(entry) for entry in entries if entry.open > 0]
    laid = rules.lay(items, [row.terms for row in listed])
    return {item.id: min(item.open, item.disputed) for item in laid if item.disputed}


def file(dispute_id: int, file_id: int) -> File:
    """A file of that dispute, or NotFound."""
    found = next((each for each in _files([dispute_id]).get(dispute_id, ()) if each.id == file_id), None)
    if found is None:
        raise NotFound(f"file {file_id}")
    return found


def _terms(row: Dispute, credited: int) -> rules.Dispute:
    return rules.Dispute(
        row.id,
        row.entry_id,
        row.currency,
        None if row.is_whole else row.amount,
        row.status,
        row.due_on,
        None if row.is_whole and not row.is_split else row.granted,
        row.is_split,
        int(credited),
        row.owner_id,
        row.granted is not None,
    )


def _files(dispute_ids: Sequence[int]) -> dict[int, tuple[File, ...]]:
    query = select(DisputeFile.dispute_id, File).join(File, File.id == DisputeFile.file_id)
    found: dict[int, tuple[File, ...]] = {}
    for dispute_id, file in db.session.execute(query.where(DisputeFile.dispute_id.in_(dispute_ids)).order_by(File.id)):
        found[dispute_id] = (*found.get(dispute_id, ()), file)
    return found
