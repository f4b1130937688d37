"""The last look: right before a message leaves, its account is read and decided again, and its text written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from wiseops.domain.automation.demand import Demand
from wiseops.domain.automation.last_look import look
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Allowed, Deferred, Request
from wiseops.domain.messages import Outbound, Sender, Status
from wiseops.extensions import db
from wiseops.models import Automation, Message, MessageItem
from wiseops.queries import automation as queries
from wiseops.queries import snapshots, suppressions
from wiseops.services import automation, channels, envelopes, files, guardrails, locks, outcomes
from wiseops.services.claims import Claim
from wiseops.services.letters import Desk
from wiseops.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class Ready:
    """A message committed as `sending`: its call may begin, `slot` the moment from which (None: at once)."""

    message_id: int
    account_id: int
    sender: Sender
    outbound: Outbound
    automated: bool
    slot: datetime | None = None


@dataclass(slots=True)
class Looked:
    """One slice: what goes, what was stopped, and the accounts that changed by that."""

    ready: list[Ready] = field(default_factory=list)
    cancelled: int = 0
    failed: int = 0
    changed: set[int] = field(default_factory=set)
    listed: dict[int, Demand] = field(default_factory=dict)
    rules: Rules | None = None


def take(
    claims: Sequence[Claim],
    *,
    worker: str,
    senders: Mapping[str, Sender],
    now: datetime,
    rules: Rules | None = None,
    known: Rules | None = None,
) -> Looked:
    """Commits each message as sending, with its text; or cancels it, or fails it. Of one channel, an account once.

    `rules` replaces the installation's own; `known` are those as last read, kept where they have not changed.
    """
    with transaction():
        looked = Looked()
        switch = queries.switch()
        if switch.stopped:
            return looked
        ids = locks.accounts(claim.account_id for claim in claims)
        rows = _mine(claims, worker)
        looked.rules = rules = rules or queries.rules(known=known, row=switch)
        desk = Desk.open(ids, rules)
        found = {snapshot.account_id: snapshot for snapshot in snapshots.load(ids, rules)}
        for row in rows:
            _Look(row, found[row.account_id], rules, desk, switch, senders, now).work_out(looked)
        looked.ready = _with_files(looked.ready)
        _keep_items(looked.listed)
        if looked.ready:
            looked.ready = _paced(looked.ready, rows[0].channel, now)
        automation.touch(looked.changed)
        return looked


def _mine(claims: Sequence[Claim], worker: str) -> list[Message]:
    """The rows that are still this worker's; one that a pause is cancelling at this moment is not waited for."""
    ids = [claim.message_id for claim in claims]
    mine = (Message.id.in_(ids), Message.status == Status.CLAIMED, Message.claimed_by == worker)
    query = select(Message).where(*mine).order_by(Message.id).with_for_update(skip_locked=True)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _with_files(ready: Sequence[Ready]) -> list[Ready]:
    """The same messages, each e-mail with the files that go with it."""
    attached = files.attached([item.message_id for item in ready if item.outbound.channel == "email"])
    return [
        replace(item, outbound=replace(item.outbound, attachments=attached.get(item.message_id, ()))) for item in ready
    ]


def _keep_items(listed: Mapping[int, Demand]) -> None:
    """What each message lists, in place of what an earlier try of it listed."""
    rows = [
        {
            "message_id": message_id,
            "entry_id": line.item_id,
            "demanded": line.demanded,
            "amount": line.amount,
            "currency": line.currency,
        }
        for message_id, demand in listed.items()
        for line in demand.lines
    ]
    if rows:
        db.session.execute(delete(MessageItem).where(MessageItem.message_id.in_(listed)))
        db.session.execute(insert(MessageItem), rows)


def _paced(ready: list[Ready], channel: str, now: datetime) -> list[Ready]:
    if not any(item.sender.reaches_people for item in ready):
        return ready
    slots = channels.take_slots(channel, len(ready), now)
    return [replace(item, slot=slot) for item, slot in zip(ready, slots, strict=True)]


@dataclass(slots=True)
class _Look:
    """One message under its last look."""

    row: Message
    snapshot: Snapshot
    rules: Rules
    desk: Desk
    switch: Automation
    senders: Mapping[str, Sender]
    now: datetime

    def work_out(self, looked: Looked) -> None:
        demand = None
        if self.row.automated:
            verdict = look(self.snapshot, self.rules, self.now, step=self.row.step or 0, channel=self.row.channel)
            run = self.snapshot.run
            reason = verdict.reason if run and run.id == self.row.engagement_id else "engagement_ended"
            if verdict.demand is None or reason:
                self._end(Status.CANCELLED, reason, looked)
                looked.cancelled += 1
                return
            demand = verdict.demand
        elif self._is_withheld(looked):
            return
        try:
            self._write(demand)
        except Refused as refused:
            self._end(Status.FAILED, refused.message, looked)
            looked.failed += 1
            return
        if demand is not None:
            looked.listed[self.row.id] = demand
        looked.ready.append(self._send())

    def _is_withheld(self, looked: Looked) -> bool:
        """Whether a guardrail keeps a person's message: it waits until it may go, or ends where it never may."""
        row = self.row
        request = Request(row.channel, override=guardrails.overridden(row.account_id, row.id))
        found = guardrails.answer(self.snapshot, self.rules, request, row.to_address, now=self.now)
        if isinstance(found, Allowed):
            return False
        reason = found.reasons[0].code
        if isinstance(found, Deferred):
            row.status, row.reason, row.not_before = Status.QUEUED, reason, found.until
            row.claimed_by = row.claimed_until = None
            looked.changed.add(row.account_id)
        else:
            self._end(Status.CANCELLED, reason, looked)
            looked.cancelled += 1
        return True

    def _write(self, demand: Demand | None) -> None:
        """Puts address and text on the row. Raises Refused, with a reason, where there is none to put."""
        if self.row.cc and demand is None:
            barred = suppressions.standing("email", self.row.cc)
            self.row.cc = [copy for copy in self.row.cc if copy.lower() not in barred]
        if demand is not None and self.snapshot.run is not None:
            plan = self.rules.plans[self.snapshot.run.plan_id]
            step = next((s for s in plan.steps if s.position == self.row.step), None)
            self.desk.write(self.row, demand, step, today=self.rules.today(self.now))
        if not self.row.body:
            raise Refused("no_text")

    def _send(self) -> Ready:
        row = self.row
        sender, row.diverted_to = envelopes.route(row, self.switch, self.senders)
        row.backend, row.reason = sender.name, ""
        row.status, row.sending_at = Status.SENDING, self.now
        outbound = envelopes.outbound(row, self.desk.ours, sender, now=self.now)
        return Ready(row.id, row.account_id, sender, outbound, row.automated)

    def _end(self, status: Status, reason: str, looked: Looked) -> None:
        row = self.row
        row.status, row.reason, row.settled_at = status, reason[:200], self.now
        row.claimed_by = row.claimed_until = None
        looked.changed.add(row.account_id)
        outcomes.tell(row, at=self.now)
