"""What is allocated to what: one account's book, and what a further line in it settles."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from wiseops.domain.disputes import CREDITING
from wiseops.domain.entries import Kind, Line
from wiseops.domain.errors import Refused

L = TypeVar("L", bound=Line)


@dataclass(eq=False, slots=True)
class Allotment(Generic[L]):
    """`amount` of a credit put against a debit from `effective_on` on, until `undone_on` if that is set."""

    debit: L
    credit: L
    amount: int
    effective_on: date
    undone_on: date | None = None


class Book(Generic[L]):
    """The open lines of one account. Posting and allocating change `open` and `waiting` and fill `made` and `undone`.

    `standing` are earlier allotments that may be undone, oldest first. `freed_on` is when a line was last released
    from one: what it is used for next begins no earlier, so that the book of any day stays within the amounts.
    `resting` is how much of a debit rests: credit that names nothing pays everything else first.
    """

    def __init__(
        self,
        lines: Iterable[L] = (),
        *,
        automatic: bool = True,
        standing: Iterable[Allotment[L]] = (),
        freed_on: dict[L, date] | None = None,
        resting: Mapping[L, int] | None = None,
    ) -> None:
        self.lines: list[L] = []
        self.made: list[Allotment[L]] = []
        self.undone: list[Allotment[L]] = []
        self._automatic = automatic
        self._standing = list(standing)
        self._freed_on = dict(freed_on or {})
        self._resting = dict(resting or {})
        self._open: dict[tuple[str, bool], list[L]] = defaultdict(list)
        self._numbered: dict[tuple[str, bool], list[L]] = defaultdict(list)
        self._awaited: dict[tuple[str, bool], list[L]] = defaultdict(list)
        for line in lines:
            self._add(line)

    def post(self, line: L) -> None:
        """Adds a line: what waits for it takes its part, then what it names, then the oldest that is open."""
        awaiting = self._awaited[_key(line)]
        arrived = [other for other in awaiting if other.currency == line.currency]
        self._awaited[_key(line)] = [other for other in awaiting if other.currency != line.currency]
        self._add(line)
        for other in arrived:
            other.waiting = False
            self._serve(other, line)
        if line.allocate_to:
            self._serve_named(line)
        if self._automatic:
            for each in (line, *arrived):
                self.settle(each)

    def settle(self, line: L) -> None:
        """Allocates what is open of a line to the oldest open lines of the other side: due date, issue date, number."""
        if line.waiting:
            return
        key = (line.currency, line.amount < 0)
        for spared in self._turns(line):
            for other in self._open[key]:
                if not line.open:
                    break
                if not other.waiting:
                    self._match(line, other, other.open - spared[other] if other in spared else None)
        self._open[key] = [other for other in self._open[key] if other.open]

    def settle_all(self) -> None:
        """Allocates every open credit that waits for nothing, oldest first."""
        credits = [line for (_, debit), lines in self._open.items() if not debit for line in lines]
        for credit in sorted(credits, key=_order):
            self.settle(credit)

    def allocate(self, debit: L, credit: L, amount: int) -> None:
        """Puts `amount` of the credit against the debit."""
        if debit.amount < 0 or credit.amount > 0:
            raise Refused("Choose one debit and one credit.", "credit")
        if debit.currency != credit.currency:
            raise Refused(f"A credit in {credit.currency} cannot pay a debit in {debit.currency}.", "credit")
        if amount <= 0:
            raise Refused("The amount must be more than nothing.", "amount")
        if amount > debit.open or amount > -credit.open:
            raise Refused("That is more than what is open.", "amount")
        debit.open -= amount
        credit.open += amount
        starts = [debit.issued_on, credit.issued_on]
        starts += [self._freed_on[line] for line in (debit, credit) if line in self._freed_on]
        allotment = Allotment(debit, credit, amount, max(starts))
        self.made.append(allotment)
        self._standing.append(allotment)
        if not credit.open:
            credit.waiting = False

    def undo(self, allotment: Allotment[L], on: date) -> None:
        """Releases both lines again."""
        allotment.undone_on = max(on, allotment.effective_on)
        allotment.debit.open += allotment.amount
        allotment.credit.open -= allotment.amount
        self._standing.remove(allotment)
        self.undone.append(allotment)
        for line in (allotment.debit, allotment.credit):
            self._freed_on[line] = max(allotment.undone_on, self._freed_on.get(line, allotment.undone_on))
            lines = self._open[line.currency, line.amount > 0]
            if line not in lines:
                insort(lines, line, key=_order)

    def release(self, line: L, on: date) -> None:
        """Undoes every standing allotment of a line, newest first."""
        for allotment in reversed([a for a in self._standing if line in (a.debit, a.credit)]):
            self.undo(allotment, on)

    def named(self, line: L) -> L | None:
        """The line that `line.allocate_to` names: of the other side and the same currency, invoices first."""
        numbered = self._numbered[line.allocate_to, line.amount < 0]
        found = (other for other in numbered if other.currency == line.currency)
        return min(found, key=lambda other: other.kind != Kind.INVOICE, default=None)

    def names_foreign(self, line: L) -> bool:
        """Whether the number that it names is known, though only in another currency."""
        return bool(line.allocate_to and self._numbered[line.allocate_to, line.amount < 0] and not self.named(line))

    def _turns(self, line: L) -> tuple[Mapping[L, int], ...]:
        """What is spared of each debit at first, and then. A credit note for a disputed item ends its dispute."""
        if not self._resting or line.amount > 0:
            return ({},)
        if line.kind not in CREDITING:
            return self._resting, {}
        return {debit: debit.open for debit, rests in self._resting.items() if rests}, self._resting, {}

    def _serve_named(self, line: L) -> None:
        if (other := self.named(line)) is not None:
            self._serve(line, other)
            return
        line.waiting = True
        self._awaited[line.allocate_to, line.amount < 0].append(line)

    def _serve(self, line: L, named: L) -> None:
        """A refund takes its payment back from what that had paid, newest first; the rest takes what is open."""
        before = len(self.undone)
        if line.kind == Kind.REFUND:
            for allotment in reversed([a for a in self._standing if a.credit is named and not _gives_back(a.debit)]):
                if -named.open >= line.open:
                    break
                self.undo(allotment, line.issued_on)
        self._match(line, named)
        if len(self.undone) > before:
            self._match(self.undone[-1].debit, named, at_most=self.undone[-1].amount)

    def _match(self, one: L, other: L, at_most: int | None = None) -> None:
        debit, credit = (one, other) if one.amount > 0 else (other, one)
        limits = (debit.open, -credit.open) if at_most is None else (debit.open, -credit.open, at_most)
        if (amount := min(limits)) > 0:
            self.allocate(debit, credit, amount)

    def _add(self, line: L) -> None:
        self.lines.append(line)
        self._numbered[_key(line)].append(line)
        if line.open:
            insort(self._open[line.currency, line.amount > 0], line, key=_order)
        if line.waiting:
            self._awaited[line.allocate_to, line.amount < 0].append(line)


def _gives_back(debit: Line) -> bool:
    return debit.kind == Kind.REFUND or debit.reverses_id is not None


def _key(line: Line) -> tuple[str, bool]:
    return line.number, line.amount > 0


def _order(line: Line) -> tuple[date, date, str]:
    return line.due_on, line.issued_on, line.number
