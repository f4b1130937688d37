"""Which conditions an account meets, and which it fails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wiseops.domain import money
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.plans import Conditions
from wiseops.domain.positions import Standing


@dataclass(frozen=True, slots=True)
class Match:
    """`failing` empty: it matches, and `items` are the overdue anchor-kind items it matched."""

    items: frozenset[int]
    failing: tuple[dict[str, Any], ...]


def match(conditions: Conditions, snapshot: Snapshot, overdue: Iterable[Standing], today: date) -> Match:
    """Asks the conditions of the account and of its `overdue` anchor-kind standings (oldest first)."""
    failing = list(_of_account(conditions, snapshot))
    standings = [s for s in overdue if s.item.may_anchor]
    counted = eligible(conditions, standings)
    if conditions.minimum and not counted:
        failing.append(_minimum(conditions, _sums(standings)))
    if conditions.days_overdue is not None:
        first = counted or standings
        if not first:
            failing.append({"condition": "days_overdue", "need": conditions.days_overdue, "due_on": None})
        elif (today - first[0].item.due_on).days < conditions.days_overdue:
            on = first[0].item.due_on + timedelta(days=conditions.days_overdue)
            failing.append({"condition": "days_overdue", "need": conditions.days_overdue, "on": on.isoformat()})
    return Match(frozenset(s.item.id for s in counted), tuple(failing))


def eligible(conditions: Conditions, overdue: Iterable[Standing]) -> list[Standing]:
    """The overdue anchor-kind standings whose currency reaches its minimum."""
    standings = [s for s in overdue if s.item.may_anchor]
    if not conditions.minimum:
        return standings
    sums = _sums(standings)
    return [s for s in standings if sums[s.item.currency] >= conditions.minimum.get(s.item.currency, 0)]


def _sums(standings: Iterable[Standing]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for standing in standings:
        sums[standing.item.currency] = sums.get(standing.item.currency, 0) + standing.overdue
    return sums


def _of_account(conditions: Conditions, snapshot: Snapshot) -> Iterable[dict[str, Any]]:
    if conditions.tags and not conditions.tags & snapshot.tags:
        yield {"condition": "tags", "need": sorted(conditions.tags), "have": sorted(snapshot.tags)}
    if conditions.countries and snapshot.country not in conditions.countries:
        yield {"condition": "countries", "need": sorted(conditions.countries), "have": snapshot.country}
    if conditions.languages and snapshot.language not in conditions.languages:
        yield {"condition": "languages", "need": sorted(conditions.languages), "have": snapshot.language}
    if conditions.kind and snapshot.kind != conditions.kind:
        yield {"condition": "kind", "need": conditions.kind, "have": snapshot.kind}


def _minimum(conditions: Conditions, sums: dict[str, int]) -> dict[str, Any]:
    need = {code: money.plain(minor, code) for code, minor in sorted(conditions.minimum.items())}
    have = {code: money.plain(total, code) for code, total in sorted(sums.items())}
    return {"condition": "minimum", "need": need, "have": have}
