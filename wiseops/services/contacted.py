"""When an engagement's customer was first and last written to, as its messages say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from wiseops.domain import zones
from wiseops.domain.automation.snapshot import LEFT
from wiseops.models import Company, Engagement, Message
from wiseops.models.messages import OF_A_STEP
from wiseops.queries.among import among, rows_of
from wiseops.queries.unindexed import unindexed
from wiseops.services import rows

_TABLE = cast(Table, Engagement.__table__)
_ZONE = select(Company.timezone).scalar_subquery()
_SPANS = (
    select(Message.engagement_id, func.min(Message.left_at), func.max(Message.left_at), _ZONE)
    .where(among(Message.engagement_id), OF_A_STEP, unindexed(Message.status).in_(LEFT))
    .group_by(Message.engagement_id)
)
_CONTACTED = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("key"))
    .values(first_message_on=bindparam("first"), last_message_on=bindparam("last"))
)


def note(engagement_ids: Collection[int]) -> None:
    """Works the days out anew, in the company's zone, inside the transaction that changed a message."""
    if not engagement_ids:
        return
    days: dict[int, dict[str, Any]] = {key: {"key": key, "first": None, "last": None} for key in sorted(engagement_ids)}
    for key, first, last, timezone in rows_of(engagement_ids, _SPANS):
        zone = zones.zone(timezone)
        days[key] |= {"first": first.astimezone(zone).date(), "last": last.astimezone(zone).date()}
    rows.change(_CONTACTED, list(days.values()))
