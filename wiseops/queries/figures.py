"""Counts for whoever watches the installation from outside."""

from __future__ import annotations

from sqlalchemy import func, select

from wiseops.extensions import db
from wiseops.models import Automation, Message, StageTotal, Webhook


def accounts_by_stage() -> dict[str, int]:
    """From the totals kept by delta: cheap at any size."""
    rows = db.session.execute(select(StageTotal.stage, StageTotal.accounts).where(StageTotal.currency == ""))
    return dict(rows.all())


def messages_by_status() -> dict[str, int]:
    """Every message, by status."""
    rows = db.session.execute(select(Message.status, func.count()).group_by(Message.status))
    return dict(rows.all())


def is_paused() -> bool:
    """Whether automation is paused."""
    return bool(db.session.scalar(select(Automation.paused)))


def webhooks_waiting() -> int:
    """Provider events that no worker has worked on yet."""
    return db.session.scalar(select(func.count()).select_from(Webhook).where(Webhook.done_at.is_(None))) or 0
