"""Words that people look for in what a page shows of a row: its texts, and its codes by the words for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, literal_column, or_, select

from wiseops.extensions import db
from wiseops.models import File, User


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was typed, and of each sort the codes that are shown in words which have it."""

    text: str
    codes: Mapping[str, Collection[str]]

    def of(self, sort: str) -> list[str]:
        """The codes of this sort."""
        return sorted(self.codes.get(sort, ()))


def within(word: Word, *columns: Any) -> ColumnElement[bool]:
    """Whether one of these texts has it, in any case. They are read as one: of thousands of rows that is quicker."""
    column = reduce(lambda told, more: told + "\n" + more, columns)
    return or_(*(column.icontains(spelling, autoescape=True) for spelling in _spellings(word.text)))


def named(table: Any, column: Any, word: Word) -> ColumnElement[bool]:
    """Whether the column refers to a row of the table whose name has it."""
    return column.in_(select(table.id).where(within(word, table.name)))  # type: ignore[no-any-return]


def by(column: Any, word: Word) -> ColumnElement[bool]:
    """Whether that user's name has it."""
    return named(User, column, word)


def in_files(link: Any, file_id: Any, word: Word) -> ColumnElement[bool]:
    """Whether a file that `link` ties to the row has it in its name."""
    return select(File.id).where(link, File.id == file_id, within(word, File.name)).exists()


def coded(column: Any, word: Word, sort: str) -> Iterator[ColumnElement[bool]]:
    """Whether the column's code, of this sort, is shown in words that have it."""
    if codes := word.of(sort):
        yield column.in_(codes)


def in_facts(column: Any, word: Word) -> ColumnElement[bool]:
    """Whether a value has it: a text, or the number of a step; other numbers are ids, and names are not shown.

    Few rows have it anywhere: only their values are taken apart.
    """
    anywhere = cast(column, Text)
    written = [json.dumps(text)[1:-1] for text in (*_spellings(word.text), *word.of("fact"))]
    maybe = or_(*(anywhere.icontains(text, autoescape=True) for text in written))
    if db.session.get_bind().dialect.name == "sqlite":
        each = func.json_each(column).table_valued("key", "value", "type")
        is_text, value = each.c.type == "text", cast(each.c.value, Text)
    else:
        each = func.json_each(column).table_valued("key", "value")
        is_text = func.json_typeof(each.c.value) == "string"
        value = each.c.value.op("#>>")(literal_column("'{}'")).cast(Text)
    is_shown = or_(is_text, each.c.key == "step")
    found = select(each.c.key).where(is_shown, or_(within(word, value), *coded(value, word, "fact")))
    return and_(maybe, found.exists())


def _spellings(text: str) -> list[str]:
    """SQLite knows the case of ASCII only, so what is not is looked for as people write it."""
    return [text] if text.isascii() else sorted({text, text.lower(), text.upper(), text.capitalize()})
