"""What makes a plan or an exclusion acceptable, before anyone can be chased by it."""

from __future__ import annotations

from datetime import time

from babel.core import Locale

from wiseops.domain import money
from wiseops.domain.errors import Refused
from wiseops.domain.plans import CHANNELS, EVERY_CURRENCY, Conditions, Plan, Step

EARLIEST, LATEST = time(8), time(20)
"""Contact begins and ends at these times of the debtor's day; a step goes in between."""

KINDS = ("business", "consumer")
MOST_STEPS, MOST_DAYS = 30, 3650
_ANY = Locale("en")


def check_plan(plan: Plan) -> None:
    """Raises Refused on the field: `name`, `minimum`, … or `steps-0-at` for a step, counted from 0."""
    check_name(plan.name)
    check_conditions(plan.conditions)
    _within(plan.conditions.days_overdue, 1, MOST_DAYS, "days_overdue", "Say after how many days overdue it begins")
    _within(plan.priority, 0, 100_000, "priority", "The priority is a number")
    _within(plan.review_after, 0, 365, "review_after", "Review after a number of days")
    for code, text in plan.stop_below.items():
        _check_least(code, text)
    if not plan.steps:
        raise Refused("A plan needs at least one step.", "steps")
    if len(plan.steps) > MOST_STEPS:
        raise Refused(f"A plan has at most {MOST_STEPS} steps.", "steps")
    for index, step in enumerate(plan.steps):
        _check_step(step, f"steps-{index}")
        if index and step.offset_days < plan.steps[index - 1].offset_days:
            earlier = plan.steps[index - 1].offset_days
            raise Refused(f"The step before is at {earlier} days; this one cannot be earlier.", f"steps-{index}-offset")
    if plan.steps[0].deadline_days is not None:
        raise Refused("The first step has no step before it to wait for.", "steps-0-deadline")


def check_exclusion(name: str, conditions: Conditions | None) -> None:
    """Raises Refused on the field. A rule that asks nothing would block everyone."""
    check_name(name)
    if conditions is None:
        return
    if conditions.is_empty:
        raise Refused("A rule without any condition would block every account. Set at least one.", "days_overdue")
    check_conditions(conditions)


def check_name(name: str) -> None:
    """A name is one line of at most 200 characters."""
    if not name.strip():
        raise Refused("Give it a name.", "name")
    if len(name) > 200 or "\n" in name:
        raise Refused("The name is too long: 200 characters at most.", "name")


def check_conditions(conditions: Conditions) -> None:
    """Raises Refused on the field of the condition that cannot be met by anyone."""
    if conditions.days_overdue is not None:
        _within(conditions.days_overdue, 1, MOST_DAYS, "days_overdue", "Days overdue are a whole number")
    for code, minor in conditions.minimum.items():
        _check_currency(code, "minimum")
        if minor <= 0:
            raise Refused(f"The minimum in {code} must be above zero; leave it out to ask for none.", "minimum")
    for code in sorted(conditions.countries):
        if len(code) != 2 or code not in _ANY.territories:
            raise Refused(f"“{code}” is no country code. Write DK, NO, US …", "countries")
    for code in sorted(conditions.languages):
        if code not in _ANY.languages:
            raise Refused(f"“{code}” is no language code. Write da, nb, en …", "languages")
    if conditions.kind is not None and conditions.kind not in KINDS:
        raise Refused("An account is a business or a consumer.", "kind")
    if any(not tag.strip() or len(tag) > 40 for tag in conditions.tags):
        raise Refused("A tag is one to forty characters.", "tags")


def _check_step(step: Step, prefix: str) -> None:
    if len(step.name) > 200:
        raise Refused("The name is too long: 200 characters at most.", f"{prefix}-name")
    _within(step.offset_days, 1, MOST_DAYS, f"{prefix}-offset", "Days after the due date")
    _within(step.min_gap_days, 0, 365, f"{prefix}-gap", "Days since any contact")
    if step.deadline_days is not None:
        _within(step.deadline_days, 1, 365, f"{prefix}-deadline", "The deadline")
    if not EARLIEST <= step.at < LATEST:
        raise Refused("Choose a time from 08:00 to before 20:00.", f"{prefix}-at")
    if not step.weekdays or not step.weekdays <= set(range(7)):
        raise Refused("Choose at least one weekday.", f"{prefix}-weekdays")
    unknown = [channel for channel in step.channels if channel not in CHANNELS]
    if unknown or not step.channels:
        raise Refused(f"Choose at least one channel of {', '.join(CHANNELS)}.", f"{prefix}-channels")
    if len(set(step.channels)) < len(step.channels):
        raise Refused("Each channel stands only once.", f"{prefix}-channels")
    if step.template_id is None and set(step.channels) - {"call"}:
        raise Refused("Choose the template of the message.", f"{prefix}-template")


def _check_least(code: str, text: str) -> None:
    """An amount for every currency must be whole: yen have no decimals."""
    if code != EVERY_CURRENCY:
        _check_currency(code, "stop_below")
    try:
        least = money.parse(text, "JPY" if code == EVERY_CURRENCY else code)
    except Refused as refused:
        detail = "The amount for every currency must be whole." if code == EVERY_CURRENCY else refused.message
        raise Refused(detail, "stop_below") from None
    if least.minor < 0:
        raise Refused("The amount cannot be negative.", "stop_below")


def _check_currency(code: str, field: str) -> None:
    if code not in money.currencies():
        raise Refused(f"“{code}” is no currency in use.", field)


def _within(value: int | None, low: int, high: int, field: str, what: str) -> None:
    if value is None or not low <= value <= high:
        raise Refused(f"{what}: from {low} to {high}.", field)
