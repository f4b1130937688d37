"""When an engagement's customer was first and last written to, as its messages say."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from wiseops.domain import zones
from wiseops.domain.automation.snapshot import LEFT
from wiseops.extensions import db
from wiseops.models import Engagement, Message
from wiseops.queries import company

_TABLE = cast(Table, Engagement.__table__)


def note(engagement_ids: Collection[int]) -> None:
    """Works the days out anew, in the company's zone, inside the transaction that changed a message."""
    if not engagement_ids:
        return
    zone = zones.zone(company.get().timezone)
    left_at = func.coalesce(Message.sent_at, Message.sending_at)
    spans = select(Message.engagement_id, func.min(left_at), func.max(left_at)).where(
        Message.engagement_id.in_(engagement_ids), Message.status.in_(LEFT)
    )
    rows: dict[int | None, dict[str, Any]] = {
        key: {"key": key, "first": None, "last": None} for key in sorted(engagement_ids)
    }
    for key, first, last in db.session.execute(spans.group_by(Message.engagement_id)):
        rows[key] |= {"first": first.astimezone(zone).date(), "last": last.astimezone(zone).date()}
    db.session.connection().execute(
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("key"))
        .values(first_message_on=bindparam("first"), last_message_on=bindparam("last")),
        list(rows.values()),
    )
