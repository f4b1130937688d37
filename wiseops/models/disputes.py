"""Disputes: what a customer says no to, who decides by when, what was decided, and the evidence."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Currency, Instant, Key, Minor, Text200, refers_to


class Dispute(Base):
    """`status` as domain.disputes.Status, `ground` as Ground. `amount` at its beginning; a whole item rests as a whole.

    `granted` and `is_split` say what a person decided. Credit counts that was allocated after
    `last_allocation_id`, which moves on with the decision.
    """

    __tablename__ = "disputes"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    entry_id: Mapped[int] = refers_to("entries")
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    is_whole: Mapped[bool]
    ground: Mapped[Code]
    status: Mapped[Code] = mapped_column(default="open")
    granted: Mapped[Minor | None]
    is_split: Mapped[bool] = mapped_column(default=False)
    last_allocation_id: Mapped[Minor]
    due_on: Mapped[date]
    notes: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = refers_to("users", index=False)
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int | None] = refers_to("users", index=False)
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = refers_to("users", index=False)
    decision_note: Mapped[Text200] = mapped_column(default="")
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("granted >= 0", name="granted"),
        Index("ix_disputes_status_due_on", "status", "due_on"),
    )


class DisputeFile(Base):
    """A file that a dispute rests on: what the customer sent, a photo, a delivery note."""

    __tablename__ = "dispute_files"

    dispute_id: Mapped[int] = refers_to("disputes", primary_key=True)
    file_id: Mapped[int] = refers_to("files", primary_key=True)
    added_at: Mapped[Instant]
    added_by_id: Mapped[int | None] = refers_to("users", index=False)
