"""Which accounts a report is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from wiseops.models import Account, AccountTag

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Accounts by country, tag, kind (business or consumer) and owner; `owner_id` NOBODY: unassigned."""

    country: str = ""
    tag: str = ""
    kind: str = ""
    owner_id: int | None = None

    def of(self, account_id: Any) -> Iterator[ColumnElement[bool]]:
        """The conditions that a column of account ids is among them; none where they are all."""
        conditions = list(self._conditions())
        if conditions:
            yield account_id.in_(select(Account.id).where(*conditions))

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.country:
            yield Account.country == self.country
        if self.kind:
            yield Account.kind == self.kind
        if self.owner_id is not None:
            yield Account.owner_id == (self.owner_id or None)
        if self.tag:
            yield Account.id.in_(select(AccountTag.account_id).where(AccountTag.tag == self.tag))


ALL = Selection()
