"""The pause: a row in the database, so that every process sees it at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from wiseops.domain.errors import Refused
from wiseops.extensions import db
from wiseops.models import Automation, AutomationSwitch, Message
from wiseops.queries import automation as queries
from wiseops.queue import ring
from wiseops.services import automation
from wiseops.services.transaction import transaction


def begin(*, reason: str, now: datetime, by_id: int | None = None, until: datetime | None = None) -> None:
    """Pauses automation. Queued automatic messages are cancelled; engagements keep their state.

    Raises Refused where there is no reason, or `until` is past. A second pause replaces the first.
    """
    if not reason.strip():
        raise Refused("Say why automation is paused.", field="reason")
    if until is not None and until <= now:
        raise Refused("Pick a moment in the future.", field="until")
    with transaction():
        row = queries.switch()
        row.paused, row.paused_at, row.paused_by_id = True, now, by_id
        row.pause_reason, row.pause_until = reason.strip(), until
        db.session.execute(
            update(Message)
            .where(Message.automated, Message.status.in_(("queued", "claimed")))
            .values(status="cancelled", reason="paused", settled_at=now, claimed_by=None, claimed_until=None)
            .execution_options(synchronize_session=False)
        )
        _switched("paused", reason.strip(), now, by_id, until)


def end(*, now: datetime, by_id: int | None = None, reason: str = "") -> None:
    """Resumes automation: everything is decided anew; nothing that waited is flushed."""
    with transaction():
        row = queries.switch()
        if not row.paused:
            return
        row.paused, row.paused_at, row.paused_by_id = False, None, None
        row.pause_reason, row.pause_until = "", None
        _switched("resumed", reason, now, by_id, None)


def end_when_over(now: datetime) -> bool:
    """Ends a pause whose time is over. Returns whether it did."""
    row: Automation = queries.switch()
    if not row.paused or row.pause_until is None or now < row.pause_until:
        return False
    end(now=now, reason="its time was over")
    return True


def _switched(kind: str, reason: str, now: datetime, by_id: int | None, until: datetime | None) -> None:
    db.session.add(AutomationSwitch(kind=kind, at=now, by_id=by_id, reason=reason, until=until))
    automation.rules_changed()
    ring("passes.run", queue="pass")
