"""The rules as they stand, and where automation stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from wiseops.domain.automation.rules import Rules
from wiseops.domain.plans import Conditions, Exclusion
from wiseops.extensions import db
from wiseops.models import Account, Automation, Company
from wiseops.models import Exclusion as ExclusionRow
from wiseops.queries import guardrails, holidays, plans


def switch() -> Automation:
    """The one row that says whether automation runs."""
    return db.session.get_one(Automation, 1, populate_existing=True)


def is_paused(row: Automation, now: datetime) -> bool:
    """Whether automatic messages wait at `now`; a pause whose time is over holds nothing."""
    return row.paused and (row.pause_until is None or now < row.pause_until)


def rules(*, company_holidays_only: bool = False, known: Rules | None = None, row: Automation | None = None) -> Rules:
    """Everything decisions are made by, at the version it was read; `known` itself where it still holds.

    `row` is the switch as this transaction has read it.
    """
    automation = row or switch()
    if known is not None and known.version == automation.rules_version:
        return known
    company = db.session.get_one(Company, 1)
    stale_at = None
    if company.ledger_max_age_days is not None and automation.ledger_at is not None:
        stale_at = automation.ledger_at + timedelta(days=company.ledger_max_age_days)
    return Rules(
        plans=plans.everything(),
        exclusions=_exclusions(),
        zone=company.timezone,
        country=company.country,
        business_days=frozenset(company.business_days),
        paused=automation.paused,
        pause_until=automation.pause_until,
        stale_at=stale_at,
        company_holidays_only=company_holidays_only,
        promise_grace=company.promise_grace_days,
        reply_hold=company.reply_hold_days,
        guardrails=guardrails.everything(),
        calendars=holidays.calendars(),
        version=automation.rules_version,
    )


def _exclusions() -> tuple[Exclusion, ...]:
    rows = db.session.scalars(select(ExclusionRow).where(ExclusionRow.active).order_by(ExclusionRow.id))
    return tuple(
        Exclusion(row.id, row.name, None if row.conditions is None else Conditions.from_json(row.conditions))
        for row in rows
    )


def stages() -> dict[str, int]:
    """How many accounts each stage has."""
    counts = select(Account.stage, func.count()).where(Account.decided_at.is_not(None)).group_by(Account.stage)
    return dict(db.session.execute(counts).all())


def held() -> dict[str, int]:
    """How many accounts each hold keeps."""
    counts = select(Account.held, func.count()).where(Account.held.is_not(None)).group_by(Account.held)
    return {code: count for code, count in db.session.execute(counts) if code}
