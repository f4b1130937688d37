"""The lines of a ledger: their kinds, signs, and which may anchor an engagement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from wiseops.domain.errors import Refused
from wiseops.domain.texts import one_line


class Kind(StrEnum):
    """What an entry is. An adjustment carries its own sign; every other kind gives it."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    FEE = "fee"
    INTEREST = "interest"
    CHARGE = "charge"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    WRITE_OFF = "write_off"


_KINDS = frozenset(Kind)
CREDITS = frozenset({Kind.CREDIT_NOTE, Kind.PAYMENT, Kind.WRITE_OFF})
DEBITS = frozenset({Kind.INVOICE, Kind.FEE, Kind.INTEREST, Kind.CHARGE, Kind.REFUND})
ANCHOR_KINDS = frozenset({Kind.INVOICE, Kind.REFUND, Kind.ADJUSTMENT})
"""Kinds whose overdue debits a plan looks at; fees, charges and interest are demanded but start nothing."""


class Line(Protocol):
    """An entry, as far as allocation looks at it. Debits are positive, credits negative; so is what is `open`."""

    kind: Any
    number: Any
    issued_on: Any
    due_on: Any
    currency: Any
    amount: Any
    open: Any
    allocate_to: Any
    waiting: Any
    reverses_id: Any


def signed(kind: Kind, minor: int) -> int:
    """The ledger amount of a positive source amount: credits become negative."""
    return -minor if kind in CREDITS else minor


def lets_off(kind: str, minor: int) -> bool:
    """Whether an entry of this ledger amount says that something owed need not be paid."""
    return kind == Kind.WRITE_OFF or (kind == Kind.ADJUSTMENT and minor < 0)


@dataclass(frozen=True, slots=True)
class Item:
    """An open debit. Amounts in minor units; `disputed`, `on_case`, `pending`, `promised` are parts of `open`."""

    id: int
    kind: str
    number: str
    issued_on: date
    due_on: date
    currency: str
    amount: int
    open: int
    disputed: int = 0
    on_case: int = 0
    pending: int = 0
    promised: int = 0

    @property
    def may_anchor(self) -> bool:
        return self.kind in ANCHOR_KINDS

    @property
    def order(self) -> tuple[date, date, str]:
        """Oldest first: due date, issue date, number."""
        return self.due_on, self.issued_on, self.number


@dataclass(frozen=True, slots=True)
class Posting:
    """What a source says of one entry. `amount` is positive, the kind gives the sign; an adjustment carries its own.

    No `number`: one is made. No `due_on`: the company's terms. `disputed` and `payment_reference` None: not said.
    """

    account_id: int
    kind: str
    number: str | None
    issued_on: date
    due_on: date | None
    currency: str
    amount: int
    allocate_to: str = ""
    disputed: int | None = None
    payment_reference: str | None = None
    note: str = ""
    source: str = "manual"
    reverses_id: int | None = None

    @property
    def signed(self) -> int:
        return signed(Kind(self.kind), self.amount)

    @property
    def order(self) -> tuple[date, bool, bool, str]:
        """The order of posting: issue date, debits first, credits that name an invoice first, number."""
        return self.issued_on, self.signed < 0, not self.allocate_to, self.number or ""


_TEXTS = ("number", "allocate_to", "payment_reference")


def check(posting: Posting, allowed: Collection[str]) -> Posting:
    """The posting with its texts trimmed. Raises Refused, with the field, for what no ledger can hold."""
    if posting.kind not in _KINDS:
        raise Refused(f"“{posting.kind[:40]}” is not a kind of entry. Use one of: {', '.join(Kind)}.", "kind")
    if posting.currency not in allowed:
        raise Refused(f"“{posting.currency[:10]}” is not a currency that we use.", "currency")
    if posting.amount <= 0 and not (posting.kind == Kind.ADJUSTMENT and posting.amount):
        raise Refused("The amount must be more than nothing; the kind of entry gives the sign.", "amount")
    if not 0 <= (posting.disputed or 0) <= abs(posting.amount):
        raise Refused("The disputed part must lie between nothing and the amount.", "disputed_amount")
    said = {field: text for field in _TEXTS if (text := getattr(posting, field)) is not None}
    trimmed: dict[str, Any] = {field: one_line(text, field, 60) for field, text in said.items()}
    if trimmed.get("number") == "":
        raise Refused("The entry needs a number.", "number")
    return posting if trimmed == said else replace(posting, **trimmed)


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a posting: `created`, `updated`, `unchanged` or `refused`, and then why."""

    outcome: str
    entry_id: int | None = None
    refused: Refused | None = None
