"""What an import answers, and how it is kept from importing by halves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from wiseops.formats.tables import Problem
from wiseops.services.transaction import transaction

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
Progress = Callable[[str, int, int], None]
"""Told the phase (`read` or `post`), and how many rows of how many are done; of 0 before the transaction begins."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is imported. `snapshot`: it lists all open items; an open invoice not in it is proposed as settled."""

    dry_run: bool = False
    snapshot: bool = False
    accept_partial: bool = False


@dataclass(slots=True)
class Answer:
    """What became of the rows; `proposals` are ids of open invoices that a snapshot does not list."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    proposals: list[int] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len({problem.row for problem in self.problems})

    def to_json(self, *, longest: int | None = None) -> dict[str, Any]:
        """The import answer; at most `longest` errors."""
        return {
            "rows": self.rows,
            CREATED: self.created,
            UPDATED: self.updated,
            UNCHANGED: self.unchanged,
            "rejected": self.rejected,
            "errors": [
                {"row": problem.row, "field": problem.field, "message": problem.message}
                for problem in self.problems[:longest]
            ],
        }


@dataclass(slots=True)
class Written:
    """What one try wrote: an outcome for each row, what was refused on the way, and the accounts it touched."""

    outcomes: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    proposals: list[int] = field(default_factory=list)

    def note(self, row: int, outcome: str) -> None:
        """A row that makes several things counts once: created before updated, updated before unchanged."""
        order = (UNCHANGED, UPDATED, CREATED)
        self.outcomes[row] = max(outcome, self.outcomes.get(row, UNCHANGED), key=order.index)


class _TakenBack(Exception):
    """Ends a try whose writing must not stay."""


def settle(
    rows: int, problems: Iterable[Problem], write: Callable[[frozenset[int]], Written], options: Options
) -> tuple[Answer, set[int]]:
    """Writes all good rows in one transaction, or nothing; `write` is told the rows to leave out.

    What is refused while writing is found out by writing; a try that met a refusal is taken back as a whole
    and, where the good rows are wanted, repeated without the refused ones.
    """
    found = list(problems)
    while True:
        stays = not options.dry_run and (options.accept_partial or not found)
        written = _attempt(write, frozenset(problem.row for problem in found), stays=stays)
        found += written.problems
        if not written.problems or not (options.dry_run or options.accept_partial):
            break
    answer = Answer(rows, problems=sorted(found, key=lambda problem: problem.row))
    if found and not (options.dry_run or options.accept_partial):
        return answer, set()
    counts = Counter(written.outcomes.values())
    answer.created, answer.updated, answer.unchanged = counts[CREATED], counts[UPDATED], counts[UNCHANGED]
    answer.proposals = [] if found else written.proposals
    return answer, set() if options.dry_run else written.touched


def _attempt(write: Callable[[frozenset[int]], Written], left_out: frozenset[int], *, stays: bool) -> Written:
    written = Written()
    try:
        with transaction():
            written = write(left_out)
            if written.problems or not stays:
                raise _TakenBack
    except _TakenBack:
        pass
    return written
