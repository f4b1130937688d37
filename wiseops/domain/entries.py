"""The lines of a ledger: their kinds, signs, and which may anchor an engagement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


CREDITS = frozenset({Kind.CREDIT_NOTE, Kind.PAYMENT, Kind.WRITE_OFF})
DEBITS = frozenset({Kind.INVOICE, Kind.FEE, Kind.INTEREST, Kind.CHARGE, Kind.REFUND})
ANCHOR_KINDS = frozenset({Kind.INVOICE, Kind.REFUND, Kind.ADJUSTMENT})
"""Kinds whose overdue debits a plan looks at; fees, charges and interest are demanded but start nothing."""


def signed(kind: Kind, minor: int) -> int:
    """The ledger amount of a positive source amount: credits become negative."""
    return -minor if kind in CREDITS else minor


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
