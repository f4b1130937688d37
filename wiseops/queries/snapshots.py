"""Reads what decisions look at, for many accounts at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, exists, func, literal_column, or_, select, text

from wiseops.domain import zones
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import COUNTS_AS_SENT, IN_FLIGHT, Snapshot, Waiting
from wiseops.domain.disputes import WATCHED
from wiseops.domain.disputes import Dispute as DisputeTerms
from wiseops.domain.entries import Item
from wiseops.domain.positions import Book
from wiseops.domain.promises import Promise as PromiseTerms
from wiseops.extensions import db
from wiseops.models import Account, AccountTag, Activity, Call, Dispute, ExcludedAccount, Message, Promise, Task
from wiseops.queries import disputes, entries, promises, reach, replies, runs

_IDS: Any = bindparam("ids", expanding=True)
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
    )
    .where(Account.id.in_(_IDS))
    .order_by(Account.id)
)
_TAGS = select(AccountTag.account_id, AccountTag.tag).where(AccountTag.account_id.in_(_IDS))
_LISTED = select(ExcludedAccount.account_id, ExcludedAccount.exclusion_id).where(ExcludedAccount.account_id.in_(_IDS))
_LEFT_AT = func.coalesce(Message.sent_at, Message.sending_at, Message.not_before)
# What a person wrote and is about to leave counts as the contact that it will be.
_ABOUT_TO_LEAVE = and_(Message.automated.is_(False), Message.status.in_(sorted(IN_FLIGHT)))
_LAST_MESSAGES = (
    select(Message.account_id, Message.automated, func.max(_LEFT_AT))
    .where(Message.account_id.in_(_IDS), or_(Message.status.in_(sorted(COUNTS_AS_SENT)), _ABOUT_TO_LEAVE))
    .group_by(Message.account_id, Message.automated)
)
# Written into the statement, so that the partial index of calls that went out serves it.
_CALLED: Any = text("kind = 'call' AND direction = 'out'")
_LAST_CALLS: Any = (
    select(Activity.account_id, func.max(Activity.at))
    .where(Activity.account_id.in_(_IDS), _CALLED)
    .group_by(Activity.account_id)
)
_ANSWERED: Any = text("answered_at IS NOT NULL AND activity_id IS NULL")
_LAST_ANSWERED: Any = (
    select(Call.account_id, func.max(Call.answered_at))
    .where(Call.account_id.in_(_IDS), _ANSWERED)
    .group_by(Call.account_id)
)
_WITHDRAWN = ("promise_due", "dispute_due", "dispute_credit")
"""Kinds of tasks that go when what they ask for has happened by itself."""
_TASKS = select(Task.account_id, Task.kind, Task.key, Task.status, Task.done_at).where(
    Task.account_id.in_(_IDS), or_(Task.key.is_not(None), Task.kind == "call")
)


def load(account_ids: Sequence[int], rules: Rules) -> list[Snapshot]:
    """The snapshots of these accounts, in id order; `rev` is read before anything else."""
    accounts = db.session.execute(_ACCOUNTS, {"ids": account_ids}).all()
    around = _Around.read([row.id for row in accounts], rules)
    if promised := [row.id for row in accounts if row.promised]:
        around.promises = promises.open_of(promised)
    if disputed := [row.id for row in accounts if row.disputed]:
        around.disputes = disputes.watched(disputed)
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
        last_contact_on=around.contacts.get(account_id),
        last_step_on=around.steps.get(account_id),
        task_keys=frozenset(around.task_keys.get(account_id, ())),
        promises=around.promises.get(account_id, ()),
        disputes=around.disputes.get(account_id, ()),
        waiting=around.waiting.get(account_id),
        due_tasks=frozenset(around.due_tasks.get(account_id, ())),
    )


@dataclass(slots=True)
class _Around:
    """Everything beside the account rows, by account id."""

    items: Mapping[int, list[Item]] = field(default_factory=dict)
    credit: Mapping[int, dict[str, int]] = field(default_factory=dict)
    tags: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    listed: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    task_keys: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    ways: reach.Reach = field(default_factory=reach.Reach)
    counted: Mapping[int, reach.Days] = field(default_factory=dict)
    contacts: dict[int, date] = field(default_factory=dict)
    steps: dict[int, date] = field(default_factory=dict)
    runs: dict[int, runs.Runs] = field(default_factory=dict)
    promises: dict[int, tuple[PromiseTerms, ...]] = field(default_factory=dict)
    disputes: Mapping[int, tuple[DisputeTerms, ...]] = field(default_factory=dict)
    due_tasks: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: dict[int, Waiting] = field(default_factory=dict)

    @classmethod
    def read(cls, ids: list[int], rules: Rules) -> _Around:
        around = cls()
        around.items, around.credit = entries.open_items(ids)
        around.ways = reach.load(ids)
        these = {"ids": ids}
        for account_id, tag in db.session.execute(_TAGS, these):
            around.tags[account_id].add(tag)
        for account_id, exclusion_id in db.session.execute(_LISTED, these):
            around.listed[account_id].add(exclusion_id)
        around.runs = runs.load(ids, rules)
        around._read_contacts(ids, zones.zone(rules.zone))
        around.waiting = replies.waiting(ids, rules)
        return around

    def _read_contacts(self, ids: list[int], zone: ZoneInfo) -> None:
        """The company day of the last contact, and of the last automatic step, of accounts that had any."""
        these = {"ids": ids}
        for account_id, automated, at in db.session.execute(_LAST_MESSAGES, these):
            self._contact(account_id, at, zone, is_step=automated)
        for statement in (_LAST_CALLS, _LAST_ANSWERED):
            for account_id, at in db.session.execute(statement, these):
                self._contact(account_id, at, zone, is_step=False)
        for account_id, kind, key, status, done_at in db.session.execute(_TASKS, these):
            if key:
                self.task_keys[account_id].add(key)
            if key and kind in _WITHDRAWN and status == "open":
                self.due_tasks[account_id].add(key)
            if kind == "call" and status == "done" and done_at is not None:
                self._contact(account_id, done_at, zone, is_step=True)

    def _contact(self, account_id: int, at: datetime, zone: ZoneInfo, *, is_step: bool) -> None:
        day = at.astimezone(zone).date()
        self.contacts[account_id] = max(day, self.contacts.get(account_id, day))
        if is_step:
            self.steps[account_id] = max(day, self.steps.get(account_id, day))
