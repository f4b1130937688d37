"""Rows of customer accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiseops.domain.errors import Refused
from wiseops.formats import values
from wiseops.formats.profiles import NEEDED, Profile, check, pickers, shown_name
from wiseops.formats.tables import Problem, ragged

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of one account: the fields that it fills. An empty cell says nothing."""

    row: int
    number: str
    given: Mapping[str, str]


class Reader:
    """Turns a row's cells into what is said of an account."""

    def __init__(self, profile: Profile, header: Sequence[str]) -> None:
        check(profile, "accounts")
        self._header = header
        self._picks = pickers(profile, "accounts", header)
        self.shown = {target: shown_name(profile, "accounts", target) for target in self._picks}

    def read(self, row: int, cells: Sequence[str]) -> Row | list[Problem]:
        """The row's account, or everything that is wrong with it."""
        if problem := ragged(row, cells, self._header):
            return [problem]
        given: dict[str, str] = {}
        problems: list[Problem] = []
        for target, pick in self._picks.items():
            text = pick(cells)
            if not text and target in NEEDED["accounts"]:
                problems.append(Problem(row, self.shown[target], "This cell is empty."))
            try:
                given[target] = values.number(text) if target == "number" else values.line(text, longest=_LONGEST)
            except Refused as refused:
                problems.append(Problem(row, self.shown[target], refused.message))
        return problems or Row(row, given["number"], {target: text for target, text in given.items() if text})
