"""Rows of ledger entries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from wiseops.domain.entries import CREDITS, Kind
from wiseops.domain.errors import Refused
from wiseops.formats import values
from wiseops.formats.headings import KINDS
from wiseops.formats.profiles import NEEDED, SETTLED_ON, Profile, check, pickers, shown_name
from wiseops.formats.tables import Problem, ragged

T = TypeVar("T")
MAY_NAME = CREDITS | {Kind.REFUND, Kind.ADJUSTMENT}
"""Kinds that may say what they are allocated to."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of one entry. `amount` is positive save for an adjustment's; None: the file does not say."""

    row: int
    account: str
    kind: Kind
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    amount: int
    allocate_to: str = ""
    disputed: int | None = None
    payment_reference: str | None = None


class Reader:
    """Turns a row's cells into entries: one, or an invoice and the payment that settled it."""

    def __init__(self, profile: Profile, header: Sequence[str], *, currencies: Collection[str]) -> None:
        check(profile, "entries")
        self._profile = profile
        self._header = header
        self._currencies = currencies
        self._picks = pickers(profile, "entries", header)
        self._shown = {target: shown_name(profile, "entries", target) for target in self._picks}
        self._texts: dict[str, str] = {}
        self._problems: list[tuple[str, str]] = []

    def read(self, row: int, cells: Sequence[str]) -> list[Row] | list[Problem]:
        """The row's entries, or everything that is wrong with it."""
        if problem := ragged(row, cells, self._header):
            return [problem]
        self._texts = {target: pick(cells) for target, pick in self._picks.items()}
        self._problems = [(name, "This cell is empty.") for name in NEEDED["entries"] if not self._texts[name]]
        found = self._entries(row)
        return [Problem(row, self._shown[target], message) for target, message in self._problems] or found

    def _entries(self, row: int) -> list[Row]:
        kind = self._take("kind", _kind)
        currency = self._take("currency", self._currency)
        amount = currency and self._take("amount", lambda text: self._amount(text, currency, kind))
        account, number = self._take("account", values.number), self._take("number", values.number)
        issued_on = self._take("issued_on", self._day)
        due_on, settled_on = self._take("due_on", self._day), self._take(SETTLED_ON, self._day)
        disputed = currency and self._take("disputed_amount", lambda text: self._amount(text, currency, None))
        allocate_to = self._take("allocate_to", lambda text: _named(text, kind))
        reference = self._take("payment_reference", values.number)
        if not (kind and currency and amount and account and number and issued_on):
            return []
        said = self._texts
        entry = Row(
            row, account, kind, number, issued_on, due_on, currency, amount, allocate_to or "",
            disputed=(disputed or 0) if "disputed_amount" in said else None,
            payment_reference=(reference or "") if "payment_reference" in said else None,
        )  # fmt: skip
        return [entry, self._payment(entry, settled_on)] if settled_on else [entry]

    def _payment(self, invoice: Row, settled_on: date) -> Row:
        if invoice.kind is not Kind.INVOICE:
            self._problems.append((SETTLED_ON, "Only an invoice can be settled."))
        elif settled_on < invoice.issued_on:
            self._problems.append((SETTLED_ON, "The invoice would be settled before it was issued."))
        return Row(
            invoice.row, invoice.account, Kind.PAYMENT, invoice.number, settled_on, settled_on,
            invoice.currency, invoice.amount, allocate_to=invoice.number,
        )  # fmt: skip

    def _take(self, target: str, parse: Callable[[str], T]) -> T | None:
        text = self._texts.get(target)
        if not text:
            return None
        try:
            return parse(text)
        except Refused as refused:
            self._problems.append((target, refused.message))
            return None

    def _day(self, text: str) -> date:
        return values.day(text, self._profile.dates)

    def _currency(self, text: str) -> str:
        code = text.upper()
        if code not in self._currencies:
            raise Refused(f"“{text[:10]}” is not a currency that we use. Write it like DKK or EUR.")
        return code

    def _amount(self, text: str, currency: str, kind: Kind | None) -> int:
        minor = values.amount(
            text,
            currency,
            decimal=self._profile.decimal,
            grouped=self._profile.grouped,
            signed=kind is Kind.ADJUSTMENT,
        )
        if not minor and kind:
            raise Refused("The amount is zero.")
        return minor


def _kind(text: str) -> Kind:
    kind = KINDS.get(text.casefold())
    if kind is None:
        raise Refused(f"“{text[:40]}” is not a kind of entry. Use one of: {', '.join(Kind)}.")
    return kind


def _named(text: str, kind: Kind | None) -> str:
    if kind and kind not in MAY_NAME:
        raise Refused("Only a credit, a refund or an adjustment may name what it is allocated to.")
    return values.number(text)
