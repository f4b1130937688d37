"""Where an open engagement stands: its next step, when it goes, by which channel, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from wiseops.domain.automation import follow_ups, matching, reach, schedule
from wiseops.domain.automation.decision import Effect, FollowUp, MakeTask, NoChannel, PassOver, Queue, Reason, Start
from wiseops.domain.automation.holds import Hold, holds
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import IN_FLIGHT, Run, Snapshot
from wiseops.domain.plans import Plan, Step
from wiseops.domain.positions import Book, Standing


@dataclass
class Course:
    """Works out one engagement at one moment; `effects`, `wakes` and `reasons` gather on the way."""

    snapshot: Snapshot
    rules: Rules
    plan: Plan
    run: Run
    book: Book
    now: datetime
    effects: list[Effect] = field(default_factory=list)
    wakes: list[datetime] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    step: int | None = None
    send_at: datetime | None = None
    held: str | None = None
    follow_up: str | None = None
    anchors: list[Standing] = field(default_factory=list)

    def work_out(self) -> None:
        """Fills the fields. One pass over the steps that are not done yet."""
        self.anchors = self._open_anchors()
        found = holds(self.snapshot, self.rules, self.anchors, self.now)
        self.held = found[0].reason.code if found else None
        self.wakes += [hold.until for hold in found if hold.until]
        self.reasons += [hold.reason for hold in found]
        if self._in_follow_up(stays=any(hold.keeps_stage for hold in found)):
            return
        self._next(found)

    def _open_anchors(self) -> list[Standing]:
        """The open anchors; before step 1's moment, what would be."""
        if self.run.started:
            return [s for s in self.book.overdue if s.item.id in self.run.anchors]
        fresh = [s for s in self.book.overdue if s.item.may_anchor and s.item.id not in self.snapshot.stopped]
        return matching.eligible(self.plan.conditions, fresh) or fresh

    def _in_follow_up(self, *, stays: bool) -> bool:
        if self.run.follow_up is None and follow_ups.is_small(self.plan, self.book):
            self.follow_up = "small_balance"
            self.reasons.append(Reason("small_balance"))
            return True
        why = self.run.follow_up
        if why is None and not stays:
            why = self._finished()
        if why is not None:
            self._hand_over(why)
        return why is not None

    def _hand_over(self, why: str) -> None:
        today = self.rules.today(self.now)
        if self.run.follow_up is None:
            self.effects.append(FollowUp(why))
            self.run = replace(self.run, follow_up=why, follow_up_on=today)
        self.follow_up = why
        self.reasons.append(Reason("follow_up", {"why": why}))
        self.effects += follow_ups.newer_items(self.snapshot, self.run, self.book, today)

    def _finished(self) -> str | None:
        """Why a person takes over today: the last step is done, or nothing reaches the debtor, that long."""
        today, review = self.rules.today(self.now), timedelta(days=self.plan.review_after)
        if self.run.no_channel_since is not None and not self._reachable(self._open_steps()):
            if today >= self.run.no_channel_since + review:
                return "no_channel"
            self.wakes.append(self.rules.midnight(self.run.no_channel_since + review))
        if not self._open_steps() and self.run.done:
            last = max(self.run.done.values())
            if today >= last + review:
                return "finished"
            self.wakes.append(self.rules.midnight(last + review))
        return None

    def _open_steps(self) -> list[Step]:
        reached = min(self.run.reached, max((step.position for step in self.plan.steps), default=0))
        return [s for s in self.plan.steps if s.position >= reached and s.position not in self.run.done]

    def _next(self, found: Sequence[Hold]) -> None:
        steps = self._open_steps()
        if not steps:
            self.reasons.append(Reason("last_step_done", {"review_after": self.plan.review_after}))
            return
        if self.run.no_channel_since is not None and not self._reachable(steps):
            self._wait_for_channel(steps[0], self.run.no_channel_since)
            return
        for index, step in enumerate(steps):
            self.step = step.position
            if self._waits(step) or not self._is_due(step, found):
                return
            if not self.run.started and index == 0:
                self.effects.append(Start(frozenset(s.item.id for s in self.anchors)))
            if self._go(step) or not self._pass_over(step, steps[index + 1 :]):
                return

    def _waits(self, step: Step) -> bool:
        """Whether the step is on its way already: queued, or a call task is open."""
        for (position, channel), attempt in self.run.attempts.items():
            if position == step.position and attempt.status in IN_FLIGHT:
                self.send_at = attempt.at
                self.reasons.append(Reason("queued", {"step": step.position, "channel": channel}))
                return True
        if self.run.calls.get(step.position) == "open":
            self.reasons.append(Reason("call_open", {"step": step.position}))
            return True
        return False

    def _is_due(self, step: Step, found: Sequence[Hold]) -> bool:
        anchors = [s for s in self.anchors if s.collectable]
        if not all(hold.plans_ahead for hold in found) or not anchors:
            return False
        day, wishes = schedule.due_on(
            step, self.run, self.snapshot, self.rules, anchors, next(iter(self._usable(step)), None)
        )
        self.reasons += wishes
        until = max((hold.until for hold in found if hold.until), default=None)
        span = schedule.slot_of(step, day, self.snapshot, self.rules, self.now, not_before=until)
        if not found and schedule.is_far(span, max(self.rules.midnight(day), self.now)):
            self._wait_for_slot(step, day, schedule.comes_near(span))
        if span is None or self.follow_up:
            return False
        self.send_at, end = span
        due = self.send_at <= self.now
        self.wakes.append(end if due else self.send_at)
        return due and not found

    def _wait_for_slot(self, step: Step, day: date, near: list[datetime]) -> None:
        """No hour is open in time: after the plan's review period a person takes over."""
        over = self.rules.midnight(day + timedelta(days=self.plan.review_after))
        if self.now >= over:
            self.step, self.reasons, self.wakes = None, [], []
            self._hand_over("no_slot")
            return
        self.held = "no_slot"
        self.reasons.insert(0, schedule.no_slot(step, self.snapshot, self.rules))
        self.wakes += [over, *near]

    def _go(self, step: Step) -> bool:
        """Sends the step on its way by its first usable channel. False: it has none."""
        channels = self._usable(step)
        if not channels:
            return False
        if self.run.no_channel_since is not None:
            self.effects.append(NoChannel(None))
        self.reasons, self.wakes = [], []
        if channels[0] == "call":
            self._call(step)
        else:
            self.effects.append(Queue(step.position, channels[0]))
            self.reasons.append(Reason("queued", {"step": step.position, "channel": channels[0]}))
        return True

    def _call(self, step: Step) -> None:
        missing = [] if self.snapshot.has_sms else ["phone"]
        key = f"call:{self.run.id or 'new'}:{step.position}"
        self.effects.append(MakeTask("call", key, self.rules.today(self.now), step.position, {"missing": missing}))
        self.send_at = None
        self.reasons.append(Reason("call_open", {"step": step.position}))

    def _pass_over(self, step: Step, later: Sequence[Step]) -> bool:
        """No channel for this step. True: a later one has, so look at that."""
        today = self.rules.today(self.now)
        key = f"find_contact:{self.run.id or 'new'}"
        if key not in self.snapshot.task_keys and not any(isinstance(e, MakeTask) for e in self.effects):
            self.effects.append(MakeTask("find_contact", key, today, facts={"step": step.position}))
        self.reasons, self.wakes, self.send_at = [], [], None
        if self._reachable(later):
            self.effects.append(PassOver(step.position))
            self.run = replace(self.run, done={**self.run.done, step.position: today})
            return True
        self.effects.append(NoChannel(today))
        self._wait_for_channel(step, today)
        self.wakes.append(self.rules.midnight(today + timedelta(days=self.plan.review_after)))
        return False

    def _wait_for_channel(self, step: Step, since: date) -> None:
        self.step, self.held = step.position, self.held or "no_channel"
        barred = {"barred": dict(self.snapshot.barred)} if self.snapshot.barred else {}
        self.reasons.append(Reason("no_channel", {"step": step.position, "since": since.isoformat(), **barred}))

    def _usable(self, step: Step) -> list[str]:
        return reach.usable(step, self.run, self.snapshot)

    def _reachable(self, steps: Sequence[Step]) -> bool:
        return reach.any_usable(steps, self.run, self.snapshot)
