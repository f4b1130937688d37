"""One message under its last look: what it demands now, its text, or why it does not go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wiseops.domain.automation.demand import Demand
from wiseops.domain.automation.last_look import look
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.errors import Refused
from wiseops.domain.guardrails.asking import Allowed, Deferred, Request
from wiseops.domain.messages import Outbound, Sender, Status
from wiseops.models import Automation, Message
from wiseops.queries import suppressions
from wiseops.services import answers, envelopes, guardrails, outcomes
from wiseops.services.letters import Desk


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
    desk: Desk | None = None


@dataclass(slots=True)
class Look:
    """One message under its last look."""

    row: Message
    snapshot: Snapshot
    rules: Rules
    desk: Desk
    switch: Automation
    senders: Mapping[str, Sender]
    now: datetime

    def work_out(self, looked: Looked) -> None:
        """Makes the message ready, or says why it does not go."""
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
            if self._is_capped and self._is_withheld(looked):
                return
            looked.listed[self.row.id] = demand
        looked.ready.append(self._send())

    @property
    def _is_capped(self) -> bool:
        """Whether others with the same address may have used up a cap: a decision looks at its own account only."""
        return self.rules.guardrails_of(self.snapshot.country).counts

    def _is_withheld(self, looked: Looked) -> bool:
        """Whether a guardrail keeps the message: it waits until it may go, or ends where it never may."""
        row = self.row
        override = None if row.automated else guardrails.overridden(row.account_id, row.id)
        request = Request(row.channel, automatic=row.automated, override=override)
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
        answers.reopen([row])
