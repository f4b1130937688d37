"""What credits of a file name: an invoice that may come later, but nothing of a wrong kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select

from wiseops.domain.entries import Kind, signed
from wiseops.extensions import db
from wiseops.formats.entries import Row
from wiseops.models import Account, Entry
from wiseops.services.imports import known

_Lines = dict[tuple[str, str], set[tuple[str, bool]]]


def wrong(entries: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Rows that name something which is known, though only on their own side of the ledger; and why not."""
    naming = [entry for entry in entries if entry.allocate_to]
    lines = _stored(naming)
    for entry in entries:
        lines[entry.account, entry.number].add((entry.kind, _is_debit(entry)))
    for entry in naming:
        others = lines[entry.account, entry.allocate_to] - {(entry.kind, _is_debit(entry))}
        if others and all(is_debit == _is_debit(entry) for _kind, is_debit in others):
            kind = min(others)[0].replace("_", " ")
            yield entry.row, f"{entry.allocate_to} is a {kind}; this {entry.kind.replace('_', ' ')} cannot settle it."


def _stored(naming: Iterable[Row]) -> _Lines:
    lines: _Lines = defaultdict(set)
    for numbers in known.chunks(entry.allocate_to for entry in naming):
        columns = (Account.number, Entry.number, Entry.kind, Entry.amount > 0)
        of_account = Account.id == Entry.account_id
        for account, number, kind, is_debit in db.session.execute(
            select(*columns).join(Entry, of_account).where(Entry.number.in_(numbers))
        ):
            lines[account, number].add((kind, bool(is_debit)))
    return lines


def _is_debit(entry: Row) -> bool:
    return signed(Kind(entry.kind), entry.amount) > 0
