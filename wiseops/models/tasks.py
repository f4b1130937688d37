"""Things a person has to do."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, refers_to


class Task(Base):
    """`kind`: call, find_contact, came_back, block_review, new_item, review, follow_up, promise_due, promise_broken,
    dispute_due, dispute_credit, other.

    `key` makes an automatic task once only.
    """

    __tablename__ = "tasks"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    engagement_id: Mapped[int | None] = refers_to("engagements")
    step: Mapped[int | None]
    kind: Mapped[Code]
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    assignee_id: Mapped[int | None] = refers_to("users")
    status: Mapped[Code] = mapped_column(default="open")
    outcome: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = refers_to("users", index=False)
    done_at: Mapped[Instant | None]
    done_by_id: Mapped[int | None] = refers_to("users", index=False)

    __table_args__ = (Index("ix_tasks_status_due_on", "status", "due_on"),)
