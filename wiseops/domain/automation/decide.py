"""decide(): one account, the rules and a moment in; its stage, next step and reasons out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from wiseops.domain.automation import disputed, lifecycle, promised, replied
from wiseops.domain.automation.course import Course
from wiseops.domain.automation.decision import Decision, Reason, Stage
from wiseops.domain.automation.matching import match
from wiseops.domain.automation.rules import Rules
from wiseops.domain.automation.snapshot import Snapshot
from wiseops.domain.positions import Book


def decide(snapshot: Snapshot, rules: Rules, now: datetime) -> Decision:
    """What this account is at `now`, what follows at once (`effects`), and when to ask again (`wake_at`).

    Pure: the same arguments give the same decision, and until `wake_at` nothing but the effects changes it.
    """
    today = rules.today(now)
    promises = promised.follow(snapshot, rules, today)
    disputes = disputed.follow(promises.snapshot, rules, today)
    snapshot = disputes.snapshot
    book = snapshot.book(today)
    blocked = _blocked(snapshot, rules, book, today)
    account, run, effects, reasons = lifecycle.follow(snapshot, rules, book.overdue, today, may_open=not blocked)
    found = [*promises.effects, *disputes.effects, *replied.tasks(snapshot, rules, today)]
    effects, course = [*found, *effects], None
    if run is not None and not blocked:
        course = Course(account, rules, rules.plans[run.plan_id], run, book, now)
        course.work_out()
        effects += course.effects
        reasons = [*course.reasons, *disputed.parts(snapshot, book, course.reasons)]
    if blocked:
        reasons = blocked
    elif not book.overdue and not book.is_clear:
        reasons = [Reason("not_overdue", {"due_on": min(s.item.due_on for s in book.standings).isoformat()})]
    wakes = [
        *promises.wakes,
        *disputes.wakes,
        *replied.wakes(snapshot, rules),
        *_wakes(account, rules, today, is_engaged=run is not None),
        *(course.wakes if course else ()),
    ]
    return Decision(
        stage=_stage(book, course, is_blocked=bool(blocked)),
        plan_id=run.plan_id if run else None,
        step=course.step if course else None,
        send_at=course.send_at if course else None,
        held=course.held if course else None,
        reasons=tuple(reasons),
        wake_at=min((wake for wake in wakes if wake > now), default=None),
        book=book,
        effects=tuple(effects),
    )


def _blocked(snapshot: Snapshot, rules: Rules, book: Book, today: date) -> list[Reason]:
    if snapshot.block is not None:
        review = snapshot.block_review_on.isoformat() if snapshot.block_review_on else None
        return [Reason("blocked", {"reason": snapshot.block, "review_on": review})]
    for exclusion in rules.exclusions:
        listed = exclusion.conditions is None and exclusion.id in snapshot.listed
        if listed or (exclusion.conditions and not match(exclusion.conditions, snapshot, book.overdue, today).failing):
            return [Reason("excluded", {"exclusion": exclusion.name})]
    return []


def _stage(book: Book, course: Course | None, *, is_blocked: bool) -> Stage:
    if is_blocked:
        return Stage.BLOCKED
    if book.is_clear:
        return Stage.CLEAR
    if course is None:
        return Stage.OUTSTANDING
    if course.follow_up:
        return Stage.FOLLOW_UP
    return Stage.ENGAGED if course.run.is_engaged else Stage.SCHEDULED


def _wakes(account: Snapshot, rules: Rules, today: date, *, is_engaged: bool) -> Iterator[datetime]:
    """The next midnights at which an item falls overdue or reaches a condition's age; and the rules' own."""
    dues = {item.due_on for item in account.items}
    ages = rules.exclusion_ages if is_engaged else rules.ages
    first = min((on for due in dues for age in ages if (on := due + age) > today), default=None)
    if first is not None:
        yield rules.midnight(first)
    if rules.stale_at is not None:
        yield rules.stale_at
