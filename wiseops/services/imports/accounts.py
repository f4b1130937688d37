"""Accounts from a file: new ones opened, known ones changed where the file says something else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wiseops.domain import accounts as rules
from wiseops.domain import contacts as contact_rules
from wiseops.domain.accounts import Details
from wiseops.domain.errors import Refused
from wiseops.formats.accounts import Reader, Row
from wiseops.formats.headings import ACCOUNT_KINDS
from wiseops.formats.profiles import Profile, shown_name
from wiseops.formats.tables import Problem
from wiseops.services import accounts, automation, contacts
from wiseops.services.imports import known, openings
from wiseops.services.imports.answers import CREATED, UNCHANGED, UPDATED, Answer, Options, Progress, Written, settle
from wiseops.services.imports.known import Known
from wiseops.services.imports.openings import Opening
from wiseops.services.imports.sources import Source, open_source

_BETWEEN_TAGS = re.compile(r"[;,|]")
_OWN_FIELDS = ("name", "country", "language", "timezone", "street", "postal_code", "city")


def import_accounts(
    content: bytes,
    *,
    profile: Profile | None = None,
    options: Options,
    now: datetime,
    by_id: int | None = None,
    progress: Progress = lambda phase, done, total: None,
) -> Answer:
    """Reads a file of accounts, with the profile that knows its header unless one is given. Raises Unreadable."""
    source = open_source(content, "accounts", profile)
    rows, problems, count = _read(source, progress)
    progress("post", 0, len(rows))

    def write(left_out: frozenset[int]) -> Written:
        return put([row for row in rows if row.row not in left_out], source.profile, now=now, by_id=by_id)

    answer, touched = settle(count, problems, write, options)
    automation.decide(touched, now)
    return answer


def put(rows: Sequence[Row], profile: Profile, *, now: datetime, by_id: int | None) -> Written:
    """Opens or changes the account of each row, once a number. Joins the running transaction; decides nothing."""
    desk = _Desk(rows, profile)
    written = Written()
    new: list[Opening] = []
    seen: set[str] = set()
    for row in rows:
        if row.number in seen:
            written.note(row.row, UNCHANGED)
            continue
        seen.add(row.number)
        try:
            wanted = desk.wanted(row)
        except Refused as refused:
            written.problems.append(desk.problem(row, refused))
            continue
        before = desk.known.get(row.number)
        if before is None:
            new.append(wanted)
            written.note(row.row, CREATED)
        else:
            written.note(row.row, _change(before, wanted, written, now, by_id))
    written.touched |= set(openings.open_many(new, now=now, by_id=by_id))
    return written


def _change(before: Known, wanted: Opening, written: Written, now: datetime, by_id: int | None) -> str:
    changed = False
    if (wanted.details, wanted.owner_id) != (before.details, before.owner_id):
        changed |= accounts.change(before.id, wanted.details, owner_id=wanted.owner_id, now=now, by_id=by_id)
    if (wanted.email, wanted.phone) != (before.email, before.phone):
        addresses = {"email": wanted.email, "phone": wanted.phone}
        changed |= contacts.put_default(before.id, **addresses, now=now, by_id=by_id)
    if changed:
        written.touched.add(before.id)
    return UPDATED if changed else UNCHANGED


@dataclass(slots=True)
class _Desk:
    """Lays what the rows say over what is known."""

    known: dict[str, Known]
    collectors: dict[str, int]
    profile: Profile

    def __init__(self, rows: Sequence[Row], profile: Profile) -> None:
        self.known = known.accounts(row.number for row in rows)
        self.collectors = known.collectors(row.given["collector"] for row in rows if "collector" in row.given)
        self.profile = profile

    def wanted(self, row: Row) -> Opening:
        """The account as the row wants it; what it does not say stays. Raises Refused."""
        before, given = self.known.get(row.number), row.given
        details = before.details if before else Details(row.number, "")
        own: dict[str, Any] = {field: given[field] for field in _OWN_FIELDS if field in given}
        details = replace(details, **own)
        if "kind" in given:
            details = replace(details, kind=ACCOUNT_KINDS.get(given["kind"].casefold(), given["kind"]))
        if "tags" in given:
            tags = (tag.strip() for tag in _BETWEEN_TAGS.split(given["tags"]))
            details = replace(details, tags=frozenset(tag for tag in tags if tag))
        email = given.get("email") or (before.email if before else "")
        phone = given.get("phone") or (before.phone if before else "")
        if email or phone:
            contact_rules.check(contact_rules.Details(email=email, phone=phone))
        return Opening(rules.check(details), email, phone, self._owner(row, before))

    def _owner(self, row: Row, before: Known | None) -> int | None:
        email = row.given.get("collector")
        if email is None:
            return before.owner_id if before else None
        if email.casefold() not in self.collectors:
            raise Refused(f"Nobody signs in here as “{email[:60]}”.", "collector")
        return self.collectors[email.casefold()]

    def problem(self, row: Row, refused: Refused) -> Problem:
        """The refusal, at the row and the column that the file has it in."""
        return Problem(row.row, shown_name(self.profile, "accounts", refused.field or ""), refused.message)


def _read(source: Source, progress: Progress) -> tuple[list[Row], list[Problem], int]:
    """The rows, what is wrong with others, and how many there are. Only beside entries a number may come again."""
    reader = Reader(source.profile, source.table.header)
    rows: list[Row] = []
    first: dict[str, int] = {}
    problems: list[Problem] = []
    count = 0
    for number, cells in source.rows(progress):
        count += 1
        found = reader.read(number, cells)
        if isinstance(found, list):
            problems += found
        elif source.profile.kind != "both" and found.number in first:
            message = f"Row {first[found.number]} has account {found.number} already."
            problems.append(Problem(number, reader.shown["number"], message))
        else:
            first[found.number] = number
            rows.append(found)
    return rows, problems, count
