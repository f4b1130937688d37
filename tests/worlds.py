"""One account that lives in memory: decisions are carried out on its snapshot, for rules and property tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from wiseops.domain.automation.decide import decide
from wiseops.domain.automation.decision import (
    AddAnchors,
    Decision,
    DropTask,
    End,
    Excuse,
    FollowUp,
    Judge,
    MakeTask,
    NoChannel,
    Open,
    PassOver,
    Queue,
    Reopen,
    Settle,
    Start,
)
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Attempt, Run, Snapshot
from wiseops.domain.entries import Item
from wiseops.domain.plans import Conditions, Plan, Step
from wiseops.domain.zones import zone

WEEK = frozenset({0, 1, 2, 3, 4})


def a_step(position: int, offset: int, *channels: str, gap: int = 5, at: time = time(10), **more) -> Step:
    return Step(position, offset, WEEK, at, channels or ("email", "sms"), gap, template_id=1, **more)


def a_plan(*steps: Step, days: int = 1, **more) -> Plan:
    steps = steps or (a_step(1, 3), a_step(2, 10), a_step(3, 20), a_step(4, 30, "call"))
    stop_below = more.pop("stop_below", {"*": "5.00"})
    conditions = more.pop("conditions", Conditions(days_overdue=days))
    return Plan(more.pop("id", 1), more.pop("name", "Standard"), 1, conditions, steps, stop_below=stop_below, **more)


def rules_of(*plans: Plan, **more) -> Rules:
    plans = plans or (a_plan(),)
    return Rules(plans={plan.id: plan for plan in plans}, **more)


def an_item(
    number: int, due_on: date, amount: int = 10_000, *, kind: str = "invoice", currency: str = "DKK", **more
) -> Item:
    issued = more.pop("issued_on", due_on.replace(day=1))
    still_open = more.pop("open", amount)
    return Item(number, kind, str(number), issued, due_on, currency, amount, still_open, **more)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """That local time in Copenhagen, as an instant."""
    return datetime.combine(day, time(hour, minute), zone("Europe/Copenhagen")).astimezone(UTC)


@dataclass
class World:
    """Applies what is decided; a queued message is sent at once unless `holds_mail`."""

    snapshot: Snapshot
    rules: Rules
    now: datetime
    holds_mail: bool = False
    sent: list[tuple[date, int, str]] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    next_id: int = 1

    def decide(self) -> Decision:
        """Decides now and carries it out."""
        decision = decide(self.snapshot, self.rules, self.now)
        self.apply(decision)
        return decision

    def apply(self, decision: Decision) -> None:
        today = self.rules.today(self.now)
        for effect in decision.effects:
            snapshot, run = self.snapshot, self.snapshot.run
            match effect:
                case End(why=why, paid_on=paid_on):
                    settled = (replace(run, settled_on=today, paid_on=paid_on),) if why == "settled" else ()
                    self.snapshot = replace(snapshot, run=None, settled=settled + snapshot.settled)
                case Reopen(engagement_id=key):
                    back = next(r for r in snapshot.settled if r.id == key)
                    rest = tuple(r for r in snapshot.settled if r.id != key)
                    self.snapshot = replace(snapshot, run=replace(back, settled_on=None, paid_on=None), settled=rest)
                case Open(plan_id=plan_id, items=items):
                    self.snapshot = replace(snapshot, run=Run(self.next_id, plan_id, items))
                    self.next_id += 1
                case Judge(promise_id=key):
                    rest = tuple(p for p in snapshot.promises if p.id != key)
                    due = frozenset(k for k in snapshot.due_tasks if k.split(":")[1] != str(key))
                    self.snapshot = replace(snapshot, promises=rest, due_tasks=due)
                case Excuse(promise_id=key, place=place, amount=amount):
                    (promise,) = (p for p in snapshot.promises if p.id == key)
                    parts = list(promise.parts)
                    parts[place] = replace(parts[place], excused=amount)
                    kept = (replace(p, parts=tuple(parts)) if p.id == key else p for p in snapshot.promises)
                    self.snapshot = replace(snapshot, promises=tuple(kept))
                case Settle(dispute_id=key, status=status):
                    ruled = (replace(d, status=status) if d.id == key else d for d in snapshot.disputes)
                    self.snapshot = replace(snapshot, disputes=tuple(ruled))
                case DropTask(key=key):
                    self.snapshot = replace(snapshot, due_tasks=snapshot.due_tasks - {key})
                case Start(anchors=anchors):
                    self._run(started=True, anchors=anchors)
                case AddAnchors(items=items):
                    self._run(anchors=run.anchors | items)
                case PassOver(step=step):
                    self._run(done={**run.done, step: today})
                case NoChannel(since=since):
                    self._run(no_channel_since=since)
                case FollowUp(why=why):
                    self._run(follow_up=why, follow_up_on=today)
                case MakeTask():
                    self._task(effect)
                case Queue(step=step, channel=channel):
                    self._run(attempts={**run.attempts, (step, channel): Attempt("queued", decision.send_at)})
        if not self.holds_mail:
            for queue in decision.queued():
                self.send(queue.step, queue.channel)

    def send(self, step: int, channel: str, status: str = "sent") -> None:
        today = self.rules.today(self.now)
        run = self.snapshot.run
        due = run.attempts[step, channel].at
        done = {**run.done, step: today} if status == "sent" else run.done
        self._run(attempts={**run.attempts, (step, channel): Attempt(status, due)}, done=done, pushed_on=None)
        if status == "sent":
            self.sent.append((today, step, channel))
            self._contacted(today, channel)

    def _task(self, task: MakeTask) -> None:
        key = task.key.replace(":new", f":{self.snapshot.run.id}") if self.snapshot.run else task.key
        self.tasks.append(task.kind)
        self.snapshot = replace(self.snapshot, task_keys=self.snapshot.task_keys | {key})
        if task.kind in ("promise_due", "dispute_due", "dispute_credit"):
            self.snapshot = replace(self.snapshot, due_tasks=self.snapshot.due_tasks | {key})
        if task.kind == "call":
            self._run(calls={**self.snapshot.run.calls, task.step: "open"})

    def complete_call(self, step: int) -> None:
        today = self.rules.today(self.now)
        run = self.snapshot.run
        self._run(calls={**run.calls, step: "done"}, done={**run.done, step: today})
        self._contacted(today, "call")

    def _contacted(self, today: date, channel: str) -> None:
        counted = (*self.snapshot.contacts, (today, channel))
        self.snapshot = replace(self.snapshot, last_contact_on=today, last_step_on=today, contacts=counted)

    def _run(self, **changes) -> None:
        self.snapshot = replace(self.snapshot, run=replace(self.snapshot.run, **changes))

    def until(self, end: datetime) -> None:
        """Lets time pass, waking only when a decision asked for it."""
        for _ in range(1000):
            while self.decide().effects:
                pass
            wake = self.decide().wake_at
            if wake is None or wake > end:
                self.now = end
                return
            self.now = wake
        raise AssertionError("never comes to rest")
