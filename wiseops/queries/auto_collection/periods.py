"""A period of company days, either end open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from wiseops.domain import zones


@dataclass(frozen=True, slots=True)
class Period:
    """From one day until another, both included; None: since ever, until now."""

    since: date | None = None
    until: date | None = None

    @property
    def is_all(self) -> bool:
        return self.since is None and self.until is None

    def days(self, column: Any) -> Iterator[ColumnElement[bool]]:
        """The conditions that a column of days lies in it."""
        if self.since is not None:
            yield column >= self.since
        if self.until is not None:
            yield column <= self.until

    def instants(self, column: Any, zone: str) -> Iterator[ColumnElement[bool]]:
        """The conditions that a column of instants lies in it, its days being those of `zone`."""
        if self.since is not None:
            yield column >= zones.midnight(self.since, zone)
        if self.until is not None:
            yield column < zones.midnight(self.until + timedelta(days=1), zone)


EVER = Period()
