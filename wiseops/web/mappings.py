"""The form in which a person looks over how a file's columns become fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import lazy_gettext as _

from wiseops.formats import accounts, entries
from wiseops.formats.profiles import ACCOUNT_FIELDS, ENTRY_FIELDS, NEEDED, SETTLED_ON, Profile
from wiseops.formats.tables import Problem, Table
from wiseops.formats.values import DATES
from wiseops.queries import company

LABELS = {
    "accounts.number": _("Customer number"), "accounts.name": _("Name"), "accounts.email": _("E-mail"),
    "accounts.phone": _("Phone"), "accounts.country": _("Country"), "accounts.language": _("Language"),
    "accounts.timezone": _("Time zone"), "accounts.kind": _("Business or consumer"), "accounts.street": _("Street"),
    "accounts.postal_code": _("Postal code"), "accounts.city": _("City"), "accounts.tags": _("Tags"),
    "accounts.collector": _("Collector’s e-mail"),
    "entries.account": _("Customer number"), "entries.kind": _("Kind of entry"), "entries.number": _("Number"),
    "entries.issued_on": _("Issued on"), "entries.due_on": _("Due on"), "entries.currency": _("Currency"),
    "entries.amount": _("Amount"), "entries.allocate_to": _("Allocated to"),
    "entries.disputed_amount": _("Disputed amount"), "entries.payment_reference": _("Payment reference"),
    "entries.settled_on": _("Settled on (makes a payment)"),
}  # fmt: skip
FIELDS = {"accounts": ACCOUNT_FIELDS, "entries": (*ENTRY_FIELDS, SETTLED_ON)}
_WHOLE = re.compile(r"\{([^{}]+)\}")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One of our fields: the column it is read from, or a pattern typed by hand."""

    name: str
    label: Any
    is_needed: bool
    column: str
    text: str


def lines(profile: Profile, noun: str) -> list[Line]:
    """The lines of the form for `noun`."""
    found = []
    for target in FIELDS[noun]:
        pattern = profile.fields(noun).get(target, "")
        whole = _WHOLE.fullmatch(pattern)
        name = f"{noun}.{target}"
        column, text = (whole[1], "") if whole else ("", pattern)
        found.append(Line(name, LABELS[name], target in NEEDED[noun], column, text))
    return found


def submitted(form: Mapping[str, str], header: Sequence[str], name: str) -> Profile:
    """The profile that the form describes; columns that nothing reads are ignored."""
    patterns: dict[str, dict[str, str]] = {"accounts": {}, "entries": {}}
    for noun, targets in FIELDS.items():
        for target in targets:
            column, text = form.get(f"{noun}.{target}.column", ""), form.get(f"{noun}.{target}.text", "").strip()
            if pattern := text or (f"{{{column}}}" if column in header else ""):
                patterns[noun][target] = pattern
    profile = Profile(
        name.strip()[:200],
        **patterns,  # type: ignore[arg-type]
        decimal=form.get("decimal", "."),
        dates=form.get("dates", "iso"),
        encoding=form.get("encoding", ""),
        delimiter={"tab": "\t"}.get(form.get("delimiter", ""), form.get("delimiter", "")),
    )
    read = {column.casefold() for column in profile.columns}
    unread = tuple(column for column in header if column and column.casefold() not in read)
    return Profile.from_json(profile.name, profile.to_json() | {"ignored": unread})


@dataclass(frozen=True, slots=True)
class Preview:
    """A row as it would be read: what it makes, or what is wrong."""

    row: int
    makes: list[Any]
    problems: list[Problem]


def preview(table: Table, profile: Profile, noun: str) -> list[Preview]:
    """The first rows of a file as the profile reads them. Raises Unreadable."""
    found = []
    reader: Any
    if noun == "accounts":
        reader = accounts.Reader(profile, table.header)
    else:
        reader = entries.Reader(profile, table.header, currencies=company.currencies())
    for row, cells in islice(table.rows(), _SHOWN):
        read = reader.read(row, cells)
        every = read if isinstance(read, list) else [read]
        problems = [one for one in every if isinstance(one, Problem)]
        found.append(Preview(row, [] if problems else every, problems))
    return found


def dates() -> list[tuple[str, str]]:
    """The date forms to choose from, by example."""
    return [(form, shown) for form, (shown, _pattern) in DATES.items()]


def delimiters() -> list[tuple[str, Any]]:
    """The separators to choose from."""
    return [("", _("found out")), (",", _("comma")), (";", _("semicolon")), ("tab", _("tab")), ("|", "|")]


def encodings() -> list[tuple[str, Any]]:
    """The encodings to choose from."""
    return [("", _("found out")), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")]
