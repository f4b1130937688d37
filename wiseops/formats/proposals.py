"""A first guess at a profile, from the head of a file; a person looks at it before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from wiseops.domain import money
from wiseops.domain.errors import Refused
from wiseops.formats.headings import WORDS
from wiseops.formats.profiles import SETTLED_ON, Profile, same
from wiseops.formats.tables import Table
from wiseops.formats.values import DATES, day

_SAMPLE = 200
_DAYS = ("issued_on", "due_on", SETTLED_ON)
_FIGURES = (*_DAYS, "amount", "disputed_amount")
_PLAIN = re.compile(r"[\W_]+")
_COMMA_LAST = re.compile(r"\d,\d{1,2}$|\d\.\d{3},")
_POINT_LAST = re.compile(r"\d\.\d{1,2}$|\d,\d{3}\.")


def propose(table: Table, noun: str, *, currency: str) -> Profile:
    """The likeliest mapping of the file's columns; `currency` where no column gives one."""
    sample = [cells for _row, cells in islice(table.rows(), _SAMPLE)]
    columns = {name: _cells(sample, table.header.index(name)) for name in table.header if name}
    found = _matched(columns, noun)
    accounts, entries = (_patterns(found), {}) if noun == "accounts" else ({}, _patterns(found))
    if noun == "entries":
        entries = {"kind": "invoice", "currency": _said_currency(sample) or currency} | entries
        customers = _matched({name: columns[name] for name in columns if name not in found.values()}, "accounts")
        if "name" in customers and "account" in found:
            accounts = _patterns(customers | {"number": found["account"]})
            found |= {f"accounts.{target}": name for target, name in customers.items()}
    return Profile(
        "",
        accounts,
        entries,
        ignored=tuple(name for name in columns if name not in found.values()),
        decimal=_decimal(columns.get(found.get("amount", ""), [])),
        dates=_date_form([text for target in _DAYS for text in columns.get(found.get(target, ""), [])]),
        delimiter=table.delimiter,
    )


def _patterns(found: Mapping[str, str]) -> dict[str, str]:
    return {target: f"{{{name}}}" for target, name in found.items()}


def _matched(columns: Mapping[str, Sequence[str]], noun: str) -> dict[str, str]:
    """Field to column: each column once, the better word first; a column of words is no amount."""
    left = {_plain(name): name for name in reversed(list(columns))}
    ranked = sorted(
        (rank, target, _plain(word)) for target, words in WORDS[noun].items() for rank, word in enumerate(words)
    )
    found: dict[str, str] = {}
    for _rank, target, word in ranked:
        if target in found or word not in left:
            continue
        if target in _FIGURES and not all(any(mark.isdigit() for mark in text) for text in columns[left[word]]):
            continue
        found[target] = left.pop(word)
    return found


def _plain(name: str) -> str:
    return _PLAIN.sub("", same(name))


def _cells(sample: Iterable[Sequence[str]], position: int) -> list[str]:
    return [cells[position].strip() for cells in sample if position < len(cells) and cells[position].strip()]


def _decimal(amounts: Sequence[str]) -> str:
    commas = sum(bool(_COMMA_LAST.search(text)) for text in amounts)
    points = sum(bool(_POINT_LAST.search(text)) for text in amounts)
    return "," if commas > points else "."


def _date_form(days: Sequence[str]) -> str:
    """The form that most of the values have; where day and month could be either, the day comes first."""
    return max(DATES, key=lambda form: sum(_is_day(text, form) for text in days))


def _is_day(text: str, form: str) -> bool:
    try:
        day(text, form)
    except Refused:
        return False
    return True


def _said_currency(sample: Sequence[Sequence[str]]) -> str:
    """The one currency code that stands in every row, wherever it stands."""
    everywhere = [{cell.strip().upper() for cell in cells} & money.currencies() for cells in sample]
    common = set.intersection(*everywhere) if everywhere else set()
    return common.pop() if len(common) == 1 else ""
