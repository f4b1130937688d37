"""What people did about an account and noted."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to

_CALLED = text("kind = 'call' AND direction = 'out'")


class Activity(Base):
    """`kind`: call, note, meeting, other; `direction` out or in, empty for a note. Never edited.

    `number` and `contact_name` as they were then. `task_id` the follow-up it asks for; `finished` the tasks it
    did, as {kind, step}. `duration` in seconds, where a call was measured.
    """

    __tablename__ = "activities"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts", index=False)
    kind: Mapped[Code]
    direction: Mapped[Code] = mapped_column(default="")
    disposition_id: Mapped[int | None] = refers_to("dispositions")
    contact_id: Mapped[int | None] = refers_to("contacts")
    contact_name: Mapped[Text200] = mapped_column(default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    duration: Mapped[int | None]
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users", index=False)
    follow_up_on: Mapped[date | None]
    assignee_id: Mapped[int | None] = refers_to("users", index=False)
    task_id: Mapped[int | None] = refers_to("tasks", index=False)
    finished: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    __table_args__ = (
        Index("ix_activities_account_id_at", "account_id", "at", "id"),
        Index("ix_activities_called", "account_id", "at", sqlite_where=_CALLED, postgresql_where=_CALLED),
    )
