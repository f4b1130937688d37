"""Engagements: one run of a plan over an account's overdue items."""

from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, refers_to


class Engagement(Base):
    """Open while `ended_at` is empty; an account has at most one open. `started_at` is step 1's moment.

    `end_reason`: settled, lapsed (nothing ever left), gave_way, stopped.
    """

    __tablename__ = "engagements"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    plan_id: Mapped[int] = refers_to("plans")
    opened_at: Mapped[Instant]
    chosen_by_id: Mapped[int | None] = refers_to("users", index=False)
    started_at: Mapped[Instant | None]
    no_channel_since: Mapped[date | None]
    follow_up_reason: Mapped[Code | None]
    follow_up_on: Mapped[date | None]
    first_message_on: Mapped[date | None]
    last_message_on: Mapped[date | None]
    ended_at: Mapped[Instant | None]
    end_reason: Mapped[Code | None]
    settled_on: Mapped[date | None]
    paid_on: Mapped[date | None]

    __table_args__ = (
        Index(
            "uq_engagements_open",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class Anchor(Base):
    """An invoice, refund or adjustment that the engagement was opened for."""

    __tablename__ = "anchors"

    engagement_id: Mapped[int] = refers_to("engagements", primary_key=True)
    entry_id: Mapped[int] = refers_to("entries", primary_key=True)


class ClosedStep(Base):
    """A step that counts as done though nothing left: `passed_over` (no channel) or `skipped` (by a person)."""

    __tablename__ = "closed_steps"

    engagement_id: Mapped[int] = refers_to("engagements", primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    how: Mapped[Code]
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users", index=False)
