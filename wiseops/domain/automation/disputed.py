"""What the ledger and the clock make of disputes: ended or brought back, tasks for their owners, and the words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from wiseops.domain import disputes, money
from wiseops.domain.automation.decision import DropTask, Effect, MakeTask, Reason, Settle
from wiseops.domain.automation.followed import Followed
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.disputes import RESTING, Dispute, Status
from wiseops.domain.positions import Book, Standing


def follow(snapshot: Snapshot, rules: Rules, today: date) -> Followed:
    """Judges each by what is open of its item; one that rests makes its tasks, and wakes when its deadline passed."""
    followed = Followed(snapshot)
    if not snapshot.disputes:
        return followed
    items = {item.id: item for item in snapshot.items}
    judged = []
    for dispute in snapshot.disputes:
        item = items.get(dispute.item)
        status = disputes.judge(dispute, item.open if item else 0)
        if status != dispute.status:
            followed.effects.append(Settle(dispute.id, str(status)))
        judged.append(replace(dispute, status=str(status)))
        wanted = disputes.tasks(dispute, today) if item is not None and status in RESTING else ()
        followed.effects += _tasks(dispute, item.number if item else "", dict(wanted), snapshot, today)
        if status == Status.OPEN:
            followed.wakes.append(rules.midnight(dispute.due_on + timedelta(days=1)))
    followed.snapshot = replace(snapshot, disputes=tuple(judged))
    return followed


def resting(snapshot: Snapshot, standing: Standing) -> Dispute | None:
    """The dispute that keeps part of an item; None where that is an imported figure."""
    of_item = (dispute for dispute in snapshot.disputes if dispute.item == standing.item.id)
    return next((dispute for dispute in of_item if dispute.status in RESTING), None)


def reason(snapshot: Snapshot, standing: Standing, code: str = "dispute") -> Reason:
    """What rests of the item, and what that waits for."""
    item, dispute = standing.item, resting(snapshot, standing)
    amount = min(standing.overdue, item.disputed)
    facts = {"item": item.number, "amount": money.plain(amount, item.currency), "currency": item.currency}
    if dispute is not None:
        facts["waits_for"] = "credit" if dispute.is_decided else "decision"
        facts["decide_by"] = dispute.due_on.isoformat()
    return Reason(code, facts)


def parts(snapshot: Snapshot, book: Book, told: Iterable[Reason]) -> list[Reason]:
    """Beside what is told already: what rests while the remainder is chased."""
    named = {reason.facts["item"] for reason in told if reason.code == "dispute"}
    kept = (standing for standing in book.overdue if standing.item.disputed and standing.kept_by == "dispute")
    return [reason(snapshot, each, "dispute_part") for each in kept if each.item.number not in named]


def _tasks(dispute: Dispute, number: str, wanted: dict[str, str], snapshot: Snapshot, today: date) -> Iterator[Effect]:
    """What its owner has to do and was not told yet; what was told and is needless now goes."""
    for key, kind in wanted.items():
        if key not in snapshot.task_keys:
            facts: dict[str, Any] = {"dispute": dispute.id, "item": number, "due_on": dispute.due_on.isoformat()}
            yield MakeTask(kind, key, today, facts=facts, assignee_id=dispute.owner_id)
    mine = (f"dispute_due:{dispute.id}:", f"dispute_credit:{dispute.id}:")
    for key in sorted(snapshot.due_tasks):
        if key.startswith(mine) and key not in wanted:
            yield DropTask(key)
