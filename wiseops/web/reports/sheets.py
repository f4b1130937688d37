"""A report as data: parts of a chart with the table beneath, drawn by one template and written by one CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import flask_babel

from wiseops.domain.money import Money
from wiseops.web import filters

Cell = str | int | Money | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a value for each series, none below 0, and what it says in words."""

    label: str
    values: Sequence[int | float]
    text: str

    @property
    def total(self) -> float:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one or more series, each (words, colour); `across` for names, upright for days and ages."""

    bars: Sequence[Bar]
    series: Sequence[tuple[str, str]]
    across: bool = False
    legend: bool = True

    @property
    def top(self) -> float:
        """What the longest bar stands for."""
        return max((bar.total for bar in self.bars), default=0)

    @property
    def top_text(self) -> str:
        return next((bar.text for bar in self.bars if bar.total == self.top), "")


@dataclass(frozen=True, slots=True)
class Part:
    """A table with its chart; the first column names the row. `figures` are (label, value, note) on cards."""

    id: str
    title: str
    currency: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
    chart: Chart | None = None
    figures: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole report; `note` says what is counted, `empty` is said where nothing is; `on_day`: no period counts."""

    code: str
    title: str
    note: str
    empty: str
    parts: Sequence[Part]
    on_day: bool = False


def written(cell: Cell) -> str:
    """A cell as people read it; the currency of an amount stands in its part's title."""
    if cell is None:
        return filters.NOTHING
    if isinstance(cell, Money):
        return filters.amount(cell)
    if isinstance(cell, date):
        return filters.day(cell)
    if isinstance(cell, Decimal):
        return filters.tenths(cell)
    return cell if isinstance(cell, str) else filters.number(cell)


def lines(sheet: Sheet) -> Iterator[Sequence[Any]]:
    """For a file: plain numbers and ISO days, the currency in front; a new head only where the columns change."""
    head: Sequence[str] = ()
    for part in sheet.parts:
        if part.columns != head:
            if head:
                yield ()
            yield ("currency", *part.columns) if part.currency else part.columns
        head = part.columns
        for row in part.rows:
            cells = [_plain(cell) for cell in row]
            yield [part.currency, *cells] if part.currency else cells


def bars(rows: Iterable[Sequence[Any]]) -> list[Bar]:
    """Bars from (label, values, text); what is below 0 is drawn as nothing."""
    return [Bar(label, [max(value, 0) for value in values], text) for label, values, text in rows]


def percent(share: float | None) -> str:
    """72 %, or a dash before there is any."""
    return filters.NOTHING if share is None else str(flask_babel.format_percent(share))


def _plain(cell: Cell) -> Any:
    return cell.amount if isinstance(cell, Money) else "" if cell is None else cell
