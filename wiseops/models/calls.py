"""Calls that we started."""

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to

_UNLOGGED = text("answered_at IS NOT NULL AND activity_id IS NULL")


class Call(Base):
    """`state` follows from `asked` (asked, unknown, failed) and the two legs; `number` is the debtor's, as it was then.

    `answered_at` when the debtor's phone was taken; `duration` of that leg in seconds. `activity_id` once it is logged.
    """

    __tablename__ = "calls"

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = refers_to("accounts", index=False)
    contact_id: Mapped[int | None] = refers_to("contacts")
    contact_name: Mapped[Text200] = mapped_column(default="")
    number: Mapped[Code]
    by_id: Mapped[int] = refers_to("users", index=False)
    state: Mapped[Code]
    asked: Mapped[Code]
    collector_leg: Mapped[Code] = mapped_column(default="")
    debtor_leg: Mapped[Code] = mapped_column(default="")
    leg_uuid: Mapped[Text200] = mapped_column(default="")
    conversation_uuid: Mapped[Text200] = mapped_column(default="", index=True)
    detail: Mapped[Text200] = mapped_column(default="")
    started_at: Mapped[Instant]
    heard_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    duration: Mapped[int | None]
    activity_id: Mapped[int | None] = refers_to("activities")

    __table_args__ = (
        Index("ix_calls_account_id_started_at", "account_id", "started_at"),
        Index("ix_calls_by_id_started_at", "by_id", "started_at"),
        Index(
            "ix_calls_unlogged",
            "account_id",
            "answered_at",
            sqlite_where=_UNLOGGED,
            postgresql_where=_UNLOGGED,
        ),
    )
