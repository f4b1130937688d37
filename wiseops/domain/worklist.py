"""What a collector does next: why an account is on the list, and the named parts that its rank is the sum of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Why an account asks for a person; what weighs most comes first."""

    REPLY_WAITS = "reply_waits"
    REPLY = "reply"
    BROKEN = "promise_broken"
    DISPUTE = "dispute"
    DUE = "promise_due"
    CALL = "call"
    FOLLOW_UP = "follow_up"
    REVIEW = "review"
    TASK = "task"
    UNASSIGNED = "unassigned"


WEIGHTS: Mapping[Kind, int] = {
    Kind.REPLY_WAITS: 70,
    Kind.REPLY: 60,
    Kind.BROKEN: 50,
    Kind.DISPUTE: 45,
    Kind.DUE: 40,
    Kind.CALL: 40,
    Kind.FOLLOW_UP: 35,
    Kind.REVIEW: 30,
    Kind.TASK: 20,
    Kind.UNASSIGNED: 10,
}
"""Points of each kind; an account that has several has their sum, each once."""

_OF_TASKS: Mapping[str, Kind] = {
    "call": Kind.CALL,
    "follow_up": Kind.FOLLOW_UP,
    "promise_due": Kind.DUE,
    "promise_broken": Kind.BROKEN,
    "reply_waits": Kind.REPLY_WAITS,
    "review": Kind.REVIEW,
    "block_review": Kind.REVIEW,
}
_A_DAY, _WAITED_MOST = 2, 20
_AGE_DAYS, _AGE_MOST = 10, 10
_LARGEST, _LARGE = 15, 8


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason why an account is on somebody's list: due, or there, since `on`. `task_id` where a task says it."""

    account_id: int
    kind: Kind
    on: date
    task_id: int | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Debt:
    """What is overdue of an account per currency, in minor units, and since when."""

    overdue: Mapping[str, int]
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sum: a kind's code, or `waited`, `large`, `largest`, `age`; `days` where it counts days."""

    name: str
    points: int
    days: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One account with everything that asks for a person there, the weightiest first."""

    account_id: int
    signals: tuple[Signal, ...]
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Each kind once, in order."""
        return tuple(dict.fromkeys(signal.kind for signal in self.signals))


def kind_of_task(kind: str) -> Kind:
    """The kind of a task: what is not named here is a task like any other."""
    return Kind.DISPUTE if kind.startswith("dispute") else _OF_TASKS.get(kind, Kind.TASK)


def rank(signals: Iterable[Signal], debts: Mapping[int, Debt], today: date) -> list[Row]:
    """A row an account: most points first, then what waits longest."""
    grouped: dict[int, list[Signal]] = {}
    for signal in signals:
        grouped.setdefault(signal.account_id, []).append(signal)
    sizes = _sizes({account_id: debts[account_id] for account_id in grouped if account_id in debts})
    rows = []
    for account_id, found in grouped.items():
        found.sort(key=lambda signal: (-WEIGHTS[signal.kind], signal.on, signal.task_id or 0))
        parts = _parts(found, debts.get(account_id), sizes.get(account_id), today)
        rows.append(Row(account_id, tuple(found), tuple(parts)))
    return sorted(rows, key=lambda row: (-row.points, min(signal.on for signal in row.signals), row.account_id))


def _parts(signals: Sequence[Signal], debt: Debt | None, size: Part | None, today: date) -> list[Part]:
    parts = [Part(kind, WEIGHTS[kind]) for kind in dict.fromkeys(signal.kind for signal in signals)]
    waited = max((today - signal.on).days for signal in signals)
    if waited > 0:
        parts.append(Part("waited", min(_WAITED_MOST, waited * _A_DAY), waited))
    if size is not None:
        parts.append(size)
    age = (today - debt.since).days if debt is not None and debt.since is not None else 0
    if age >= _AGE_DAYS:
        parts.append(Part("age", min(_AGE_MOST, age // _AGE_DAYS), age))
    return parts


def _sizes(debts: Mapping[int, Debt]) -> dict[int, Part]:
    """Among the accounts of the list, currency by currency: the largest tenth, and the third after it."""
    by_currency: dict[str, list[tuple[int, int]]] = {}
    for account_id, debt in debts.items():
        for currency, overdue in debt.overdue.items():
            if overdue > 0:
                by_currency.setdefault(currency, []).append((overdue, account_id))
    sizes: dict[int, Part] = {}
    for found in by_currency.values():
        for place, (_, account_id) in enumerate(sorted(found, key=lambda owed: (-owed[0], owed[1]))):
            part = _size(place, len(found))
            if part is not None and (account_id not in sizes or sizes[account_id].points < part.points):
                sizes[account_id] = part
    return sizes


def _size(place: int, count: int) -> Part | None:
    if place * 10 < count:
        return Part("largest", _LARGEST)
    return Part("large", _LARGE) if place * 3 < count else None
