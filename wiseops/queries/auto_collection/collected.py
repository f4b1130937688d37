"""What automation brought in: payments to items that its messages listed, while it was at work on them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from wiseops.domain import zones
from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Allocation, Engagement, Entry, Message, MessageItem
from wiseops.queries import company
from wiseops.queries.auto_collection.periods import EVER, Period
from wiseops.queries.selections import ALL, Selection


def total(period: Period = EVER) -> dict[str, int]:
    """Minor units per currency, of payments dated in the period. Reversed and re-allocated parts are deducted."""
    payment = aliased(Entry)
    rows = db.session.execute(
        _parts(payment, payment.currency, func.sum(Allocation.amount), period=period).group_by(payment.currency)
    )
    return {currency: int(amount) for currency, amount in rows if amount}


def by_day(period: Period) -> dict[tuple[date, str], int]:
    """The same by (day, currency)."""
    payment = aliased(Entry)
    columns = (payment.issued_on, payment.currency, func.sum(Allocation.amount))
    rows = db.session.execute(_parts(payment, *columns, period=period).group_by(payment.issued_on, payment.currency))
    return {(day, currency): int(amount) for day, currency, amount in rows if amount}


def by_step(period: Period, selection: Selection = ALL) -> dict[tuple[date, int, str], int]:
    """The same by (day, step, currency): the step of the last message that listed the item when the payment came."""
    payment, zone = aliased(Entry), company.get().timezone
    columns = (Allocation.id, payment.issued_on, payment.currency, Allocation.amount)
    paid = _paid(payment, *columns, Message.step, Message.left_at, period=period)
    paid = paid.where(*selection.of(payment.account_id))
    listed = _listing(paid.join(MessageItem, MessageItem.entry_id == Allocation.debit_id), payment)
    answered: dict[int, tuple[tuple[date, int, str], int]] = {}
    for key, day, currency, amount, step, at in db.session.execute(listed.order_by(Allocation.id, Message.left_at)):
        if key not in answered or at < zones.midnight(day + timedelta(days=1), zone):
            answered[key] = (day, step, currency), amount
    sums: dict[tuple[date, int, str], int] = defaultdict(int)
    for place, amount in answered.values():
        sums[place] += amount
    return {place: amount for place, amount in sums.items() if amount}


def _parts(payment: Any, *columns: Any, period: Period) -> Select[Any]:
    """Each allocation once, however many messages listed its item. Counter-allocations are negative rows."""
    return _paid(payment, *columns, period=period).where(_was_listed(payment))


def _paid(payment: Any, *columns: Any, period: Period) -> Select[Any]:
    first = select(func.min(Engagement.first_message_on)).scalar_subquery()
    return (
        select(*columns)
        .select_from(payment)
        .join(Allocation, Allocation.credit_id == payment.id)
        .where(payment.kind == "payment", payment.issued_on >= first, *period.days(payment.issued_on))
    )


def _was_listed(payment: Any) -> Any:
    query = select(MessageItem.entry_id).where(MessageItem.entry_id == Allocation.debit_id)
    return _listing(query, payment).correlate(Allocation, payment).exists()


def _listing(query: Select[Any], payment: Any) -> Select[Any]:
    """By a message of an engagement at work: from its first message until some days after its last."""
    return (
        query.join(Message, and_(Message.id == MessageItem.message_id, Message.automated, Message.status.in_(LEFT)))
        .join(Engagement, Engagement.id == Message.engagement_id)
        .where(payment.issued_on >= Engagement.first_message_on, payment.issued_on <= _end_of_credit())
    )


def _end_of_credit() -> Any:
    """The last day on which a payment still counts as brought in."""
    days = company.get().collected_days
    if db.engine.dialect.name == "sqlite":
        return func.date(Engagement.last_message_on, f"+{days} days")
    return Engagement.last_message_on + days
