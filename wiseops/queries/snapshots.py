"""Reads what decisions look at, for many accounts at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import exists, literal_column, select

from wiseops.domain import zones
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot, Waiting
from wiseops.domain.disputes import WATCHED
from wiseops.domain.disputes import Dispute as DisputeTerms
from wiseops.domain.entries import Item
from wiseops.domain.positions import Book
from wiseops.domain.promises import Promise as PromiseTerms
from wiseops.models import Account, AccountTag, Dispute, ExcludedAccount, Promise, Reply, Suppression
from wiseops.queries import disputes, entries, promises, reach, replies, runs, traces
from wiseops.queries.among import among, rows_of

_WATCHED: Any = [literal_column(f"'{status}'") for status in WATCHED]
# Built once: building a statement costs more than running it for a few accounts.
_ACCOUNTS = (
    select(
        Account.id,
        Account.rev,
        Account.kind,
        Account.country,
        Account.language,
        Account.timezone,
        Account.blocked_at,
        Account.block_reason,
        Account.block_review_on,
        Account.hold_until,
        exists().where(Promise.account_id == Account.id, Promise.status == literal_column("'open'")).label("promised"),
        exists().where(Dispute.account_id == Account.id, Dispute.status.in_(_WATCHED)).label("disputed"),
        exists().where(Reply.account_id == Account.id, replies.WAITS).label("has_written"),
        exists().where(AccountTag.account_id == Account.id).label("tagged"),
        exists().where(Suppression.lifted_at.is_(None)).label("suppresses"),
    )
    .where(among(Account.id))
    .order_by(Account.id)
)
_TAGS = select(AccountTag.account_id, AccountTag.tag).where(among(AccountTag.account_id))
_LISTED = select(ExcludedAccount.account_id, ExcludedAccount.exclusion_id).where(among(ExcludedAccount.account_id))


def load(account_ids: Sequence[int], rules: Rules) -> list[Snapshot]:
    """The snapshots of these accounts, in id order; `rev` is read before anything else."""
    accounts = rows_of(account_ids, _ACCOUNTS).all()
    around = _Around.read([row.id for row in accounts], rules)
    if accounts and accounts[0].suppresses:
        around.ways.barred = reach.barred(account_ids)
    if tagged := [row.id for row in accounts if row.tagged]:
        for account_id, tag in rows_of(tagged, _TAGS):
            around.tags[account_id].add(tag)
    if promised := [row.id for row in accounts if row.promised]:
        around.promises = promises.open_of(promised)
    if disputed := [row.id for row in accounts if row.disputed]:
        around.disputes = disputes.watched(disputed)
    if written := [row.id for row in accounts if row.has_written]:
        around.waiting = replies.waiting(written, rules)
    capped = [row.id for row in accounts if rules.guardrails_of(row.country).counts]
    around.counted = reach.contacts(capped, rules.zone)
    return [_snapshot(row, around) for row in accounts]


def book(account_id: int, today: date, *, without: int | None = None) -> Book:
    """What the account owes today, `without` one of its open promises."""
    (snapshot,) = load([account_id], Rules())
    kept = tuple(promise for promise in snapshot.promises if promise.id != without)
    return replace(snapshot, promises=kept).book(today)


def _snapshot(row: Any, around: _Around) -> Snapshot:
    account_id: int = row.id
    found = around.runs.get(account_id)
    return Snapshot(
        account_id=account_id,
        rev=row.rev,
        items=tuple(around.items.get(account_id, ())),
        credit=around.credit.get(account_id, {}),
        kind=row.kind,
        country=row.country,
        language=row.language,
        zone=row.timezone,
        tags=frozenset(around.tags.get(account_id, ())),
        has_email=account_id in around.ways.email,
        has_sms=account_id in around.ways.sms,
        phone_zones=around.ways.zones.get(account_id, ()),
        barred=around.ways.barred.get(account_id, ()),
        contacts=around.counted.get(account_id, ()),
        block=row.block_reason if row.blocked_at is not None else None,
        block_review_on=row.block_review_on,
        hold_until=row.hold_until,
        listed=frozenset(around.listed.get(account_id, ())),
        run=found.run if found else None,
        settled=found.settled if found else (),
        stopped=found.stopped if found else frozenset(),
        last_contact_on=around.traces.contacts.get(account_id),
        last_step_on=around.traces.steps.get(account_id),
        task_keys=frozenset(around.traces.task_keys.get(account_id, ())),
        promises=around.promises.get(account_id, ()),
        disputes=around.disputes.get(account_id, ()),
        waiting=around.waiting.get(account_id),
        due_tasks=frozenset(around.traces.due_tasks.get(account_id, ())),
    )


@dataclass(slots=True)
class _Around:
    """Everything beside the account rows, by account id."""

    items: Mapping[int, list[Item]] = field(default_factory=dict)
    credit: Mapping[int, dict[str, int]] = field(default_factory=dict)
    tags: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    listed: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    traces: traces.Traces = field(default_factory=traces.Traces)
    ways: reach.Reach = field(default_factory=reach.Reach)
    counted: Mapping[int, reach.Days] = field(default_factory=dict)
    runs: dict[int, runs.Runs] = field(default_factory=dict)
    promises: dict[int, tuple[PromiseTerms, ...]] = field(default_factory=dict)
    disputes: Mapping[int, tuple[DisputeTerms, ...]] = field(default_factory=dict)
    waiting: dict[int, Waiting] = field(default_factory=dict)

    @classmethod
    def read(cls, ids: list[int], rules: Rules) -> _Around:
        around = cls()
        around.items, around.credit = entries.open_items(ids)
        around.ways = reach.load(ids)
        if any(exclusion.conditions is None for exclusion in rules.exclusions):
            for account_id, exclusion_id in rows_of(ids, _LISTED):
                around.listed[account_id].add(exclusion_id)
        around.runs = runs.load(ids, rules)
        around.traces = traces.load(ids, zones.zone(rules.zone))
        return around
