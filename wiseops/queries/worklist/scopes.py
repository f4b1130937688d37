"""Whose list: one person's, nobody's, or everyone's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from wiseops.models import Account

MOST = 1000
"""Of each source, the longest waiting: a list is ranked from these."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`who` a user's id, "none" for nobody's, "all" for everyone's. `leads`: a manager's, with what waited too long."""

    who: int | str
    today: date
    leads: bool = False

    @property
    def takes_unassigned(self) -> bool:
        return self.who in ("none", "all")

    def owns(self, column: Any) -> ColumnElement[bool]:
        """Whether what the column says belongs on this list."""
        if self.who == "all":
            return true()
        return column.is_(None) if self.who == "none" else column == self.who  # type: ignore[no-any-return]

    def is_awake(self) -> ColumnElement[bool]:
        """Not held by a person: what is held comes back on its day. A reply always shows."""
        return or_(Account.hold_until.is_(None), Account.hold_until <= self.today)

    def debts(self) -> ColumnElement[bool]:
        """Owned, and awake."""
        return and_(self.owns(Account.owner_id), self.is_awake())
