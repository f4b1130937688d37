"""Disputes: which part of an item rests, until whose decision, and what became of it, as people and the ledger say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from wiseops.domain.entries import Item, Kind
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money

DEADLINE_DAYS = 14
LONGEST_DAYS = 365
CREDITING = (Kind.CREDIT_NOTE, Kind.WRITE_OFF, Kind.ADJUSTMENT)
"""Kinds of credit that settle what was upheld; a payment is the customer's own doing."""


class Status(StrEnum):
    """What became of a dispute. People decide or withdraw; credited and settled is what the ledger says."""

    OPEN = "open"
    UPHELD = "upheld"
    SPLIT = "split"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CREDITED = "credited"
    SETTLED = "settled"


RESTING = (Status.OPEN, Status.UPHELD, Status.SPLIT)
WATCHED = (*RESTING, Status.CREDITED, Status.SETTLED)
"""Those that the ledger may still end, or bring back when what ended one is reversed."""


class Ground(StrEnum):
    """Why the customer says no."""

    NOT_DELIVERED = "not_delivered"
    NOT_AS_AGREED = "not_as_agreed"
    WRONG_AMOUNT = "wrong_amount"
    NOT_ORDERED = "not_ordered"
    WRONG_CUSTOMER = "wrong_customer"
    PAID = "paid"
    CREDITED = "credited"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Dispute:
    """One that is watched. `amount` None: the whole item; `granted` the part that was upheld, None: all of it.

    `credited`: allocated to the item since a person decided, or else since it began, by credit of the CREDITING kinds.
    """

    id: int
    item: int
    currency: str
    amount: int | None
    status: str
    due_on: date
    granted: int | None = None
    is_split: bool = False
    credited: int = 0
    owner_id: int | None = None
    is_decided: bool = False

    @property
    def stake(self) -> int | None:
        """What it is about; None for the whole of its item, whatever is paid of that and taken back."""
        return self.amount if self.granted is None else self.granted

    def rests(self, open: int) -> int:
        """How much rests of an item of which so much is open: never more than that.

        Credit is for what was upheld. Before a person decides it may be for anything, so it lowers nothing.
        """
        if self.stake is None:
            return open
        return min(open, max(0, self.stake - self.credited) if self.is_decided else self.stake)


def lay(items: Collection[Item], disputes: Collection[Dispute]) -> Collection[Item]:
    """The items with what rests of each. An imported figure and a dispute tell of the same: the larger counts."""
    kept = resting(items, disputes) if disputes else {}
    if not kept:
        return items
    return [replace(item, disputed=max(item.disputed, kept[item.id])) if item.id in kept else item for item in items]


def resting(items: Iterable[Item], disputes: Iterable[Dispute]) -> dict[int, int]:
    """How much of each item rests because of what was noted here, imported figures aside."""
    found: dict[int, list[Dispute]] = defaultdict(list)
    for dispute in disputes:
        found[dispute.item].append(dispute)
    return {
        item.id: min(item.open, sum(dispute.rests(item.open) for dispute in found[item.id]))
        for item in items
        if item.id in found
    }


def judge(dispute: Dispute, open: int) -> Status:
    """What it is, now that so much of its item is open."""
    if dispute.rests(open) > 0:
        if not dispute.is_decided:
            return Status.OPEN
        return Status.SPLIT if dispute.is_split else Status.UPHELD
    return Status.CREDITED if dispute.credited and dispute.credited >= (dispute.stake or 0) else Status.SETTLED


def tasks(dispute: Dispute, today: date) -> Iterator[tuple[str, str]]:
    """(key, kind) of what its owner has to do: decide once the deadline passed, book what was upheld."""
    if dispute.is_decided:
        yield f"dispute_credit:{dispute.id}:", "dispute_credit"
    elif today > dispute.due_on:
        yield f"dispute_due:{dispute.id}:{dispute.due_on.isoformat()}", "dispute_due"


def check_amount(amount: Money | None, *, currency: str, open: int) -> int | None:
    """The disputed part in minor units, None for the whole. Refused on `amount`."""
    if open <= 0:
        raise Refused("Nothing of it is open any more.", "amount")
    if amount is None:
        return None
    if amount.currency != currency:
        raise Refused(f"It is in {currency}.", "amount")
    _check_part(amount.minor, open, currency, "that is what is open")
    return amount.minor


def check_split(amount: Money | None, *, currency: str, rests: int) -> int:
    """The part that is upheld of what rests. Refused on `amount`: nothing and all are other decisions."""
    if amount is None or amount.currency != currency:
        raise Refused(f"Say how much is upheld, in {currency}.", "amount")
    _check_part(amount.minor, rests, currency, "that is what is disputed")
    if amount.minor == rests:
        raise Refused("That is all of it. Uphold it as a whole.", "amount")
    return amount.minor


def check_deadline(due_on: date, today: date) -> None:
    """Refused on `due_on` for a day that is past or a year ahead."""
    if due_on < today:
        raise Refused("This day is past.", "due_on")
    if due_on > today + timedelta(days=LONGEST_DAYS):
        raise Refused(f"At most {LONGEST_DAYS} days ahead.", "due_on")


def _check_part(minor: int, most: int, currency: str, why: str) -> None:
    if minor <= 0:
        raise Refused("It must be more than nothing.", "amount")
    if minor > most:
        raise Refused(f"At most {Money(most, currency)}: {why}.", "amount")
