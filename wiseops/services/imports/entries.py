"""Entries from a file: posted in order, known ones compared; accounts opened where the profile says how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wiseops.domain.entries import Posting
from wiseops.extensions import db
from wiseops.formats import accounts as account_rows
from wiseops.formats.entries import Reader, Row
from wiseops.formats.profiles import Profile, shown_name
from wiseops.formats.tables import Problem
from wiseops.models import Automation
from wiseops.queries import company
from wiseops.services import automation, postings
from wiseops.services.imports import accounts, known, snapshots, targets
from wiseops.services.imports.answers import Answer, Options, Progress, Written, settle
from wiseops.services.imports.sources import Source, open_source

_ACCOUNTS_AT_ONCE = 1000


@dataclass(slots=True)
class _Reading:
    """What was read: entries in the order of the file, the accounts they may need, and what is wrong."""

    profile: Profile
    rows: int = 0
    entries: list[Row] = field(default_factory=list)
    accounts: dict[str, account_rows.Row] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    first: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, found: list[Row]) -> None:
        """Takes a row's entries, unless one of them came before."""
        for entry in found:
            key = (entry.account, entry.kind, entry.number)
            if key in self.first:
                message = f"Row {self.first[key]} has {entry.kind} {entry.number} of account {entry.account} already."
                self.refuse(entry.row, "number", message)
                return
        for entry in found:
            self.first[entry.account, entry.kind, entry.number] = entry.row
        self.entries += found

    def refuse(self, row: int, target: str, message: str) -> None:
        self.problems.append(self.problem(row, target, message))

    def problem(self, row: int, target: str, message: str) -> Problem:
        return Problem(row, shown_name(self.profile, "entries", target), message)


def import_entries(
    content: bytes,
    *,
    profile: Profile | None = None,
    options: Options,
    now: datetime,
    by_id: int | None = None,
    progress: Progress = lambda phase, done, total: None,
) -> Answer:
    """Reads a file of entries, with the profile that knows its header unless one is given. Raises Unreadable."""
    source = open_source(content, "entries", profile)
    reading = _read(source, progress)
    for row, message in targets.wrong(reading.entries):
        reading.refuse(row, "allocate_to", message)

    progress("post", 0, len(reading.entries))

    def write(left_out: frozenset[int]) -> Written:
        written = _write(reading, left_out, now, by_id, progress)
        if options.snapshot:
            written.proposals = snapshots.unlisted((entry.account, entry.number) for entry in reading.entries)
        return written

    answer, touched = settle(reading.rows, reading.problems, write, options)
    automation.decide(touched, now)
    return answer


def _read(source: Source, progress: Progress) -> _Reading:
    reading = _Reading(source.profile)
    reader = Reader(source.profile, source.table.header, currencies=company.currencies())
    customers = account_rows.Reader(source.profile, source.table.header) if source.profile.accounts else None
    for row, cells in source.rows(progress):
        reading.rows += 1
        entries: list[Row] = []
        wrong: list[Problem] = []
        for one in reader.read(row, cells):
            if isinstance(one, Problem):
                wrong.append(one)
            else:
                entries.append(one)
        if wrong:
            reading.problems += wrong
            continue
        if customers and entries[0].account not in reading.accounts:
            customer = customers.read(row, cells)
            if isinstance(customer, list):
                reading.problems += customer
                continue
            reading.accounts[customer.number] = customer
        reading.add(entries)
    return reading


def _write(
    reading: _Reading, left_out: frozenset[int], now: datetime, by_id: int | None, progress: Progress
) -> Written:
    """Opens missing accounts, then posts, a thousand accounts at a time. Joins the running transaction."""
    written = Written()
    entries = [entry for entry in reading.entries if entry.row not in left_out]
    ids = known.ids(entry.account for entry in entries)
    missing = [row for number, row in reading.accounts.items() if number not in ids and row.row not in left_out]
    if missing:
        opened = accounts.put(missing, reading.profile, now=now, by_id=by_id)
        written.problems += opened.problems
        written.touched |= opened.touched
        ids |= known.ids(row.number for row in missing)
    for done, some in _slices(entries):
        _post(some, ids, reading, written, now, by_id)
        progress("post", done, len(entries))
    _freshen(now)
    return written


def _freshen(now: datetime) -> None:
    """The ledger is as of now. Where it had been too old, or had no age yet, that concerns every account."""
    state, limit = db.session.get_one(Automation, 1), company.get().ledger_max_age_days
    if limit is not None and (state.ledger_at is None or now >= state.ledger_at + timedelta(days=limit)):
        automation.rules_changed()
    state.ledger_at = now


def _post(
    entries: list[Row], ids: dict[str, int], reading: _Reading, written: Written, now: datetime, by_id: int | None
) -> None:
    homeless = [entry for entry in entries if entry.account not in ids]
    for entry in homeless:
        message = f"There is no account {entry.account}. Import accounts first."
        written.problems.append(reading.problem(entry.row, "account", message))
    entries = [entry for entry in entries if entry.account in ids]
    answers = postings.post([_posting(entry, ids[entry.account]) for entry in entries], now=now, by_id=by_id)
    for entry, posted in zip(entries, answers, strict=True):
        if posted.refused:
            problem = reading.problem(entry.row, posted.refused.field or "", posted.refused.message)
            written.problems.append(problem)
            continue
        written.note(entry.row, posted.outcome)
        if posted.outcome != "unchanged":
            written.touched.add(ids[entry.account])


def _posting(entry: Row, account_id: int) -> Posting:
    return Posting(
        account_id=account_id,
        kind=entry.kind,
        number=entry.number,
        issued_on=entry.issued_on,
        due_on=entry.due_on,
        currency=entry.currency,
        amount=entry.amount,
        allocate_to=entry.allocate_to,
        disputed=entry.disputed,
        payment_reference=entry.payment_reference,
        source="import",
    )


def _slices(entries: Iterable[Row]) -> Iterator[tuple[int, list[Row]]]:
    """All entries of some accounts at a time, and how many there are with them."""
    by_account: dict[str, list[Row]] = {}
    for entry in entries:
        by_account.setdefault(entry.account, []).append(entry)
    every, done = list(by_account.values()), 0
    for start in range(0, len(every), _ACCOUNTS_AT_ONCE):
        some = [entry for of_one in every[start : start + _ACCOUNTS_AT_ONCE] for entry in of_one]
        done += len(some)
        yield done, some
