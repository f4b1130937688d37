"""The timeline: what happened, written with the change itself, never edited."""

from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, refers_to


class Event(Base):
    """`kind` in the past tense (`payment_recorded`, `account_blocked`); `facts` ids and values to show it."""

    __tablename__ = "events"

    id: Mapped[Key]
    account_id: Mapped[int | None] = refers_to("accounts", index=False)
    kind: Mapped[Code]
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users", index=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (Index("ix_events_account_id_at", "account_id", "at"), Index("ix_events_kind_at", "kind", "at"))
