"""Promises to pay: what was promised, by which days, and what became of it."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Currency, Instant, Key, Minor, Text200, refers_to

_OPEN = text("status = 'open'")


class Promise(Base):
    """`status` as domain.promises.Status. Over the balance unless it has items.

    What is received since counts from credits after `last_entry_id`; `received` is kept once it is over.
    """

    __tablename__ = "promises"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    due_on: Mapped[date]
    over_items: Mapped[bool]
    last_entry_id: Mapped[Minor]
    status: Mapped[Code] = mapped_column(default="open")
    received: Mapped[Minor] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[int | None] = refers_to("users", index=False)
    made_on: Mapped[date]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int | None] = refers_to("users", index=False)
    judged_on: Mapped[date | None]
    ended_at: Mapped[Instant | None]
    ended_by_id: Mapped[int | None] = refers_to("users", index=False)
    end_reason: Mapped[Text200] = mapped_column(default="")
    replaces_id: Mapped[int | None] = refers_to("promises", index=False)

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_promises_open", "account_id", "currency", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_promises_status_due_on", "status", "due_on"),
    )


class PromisePart(Base):
    """An instalment; a promise without instalments has one part. `excused` as in domain.promises.Part."""

    __tablename__ = "promise_parts"

    promise_id: Mapped[int] = refers_to("promises", primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[Minor]
    due_on: Mapped[date]
    excused: Mapped[Minor] = mapped_column(default=0, server_default="0")


class PromiseItem(Base):
    """A chosen entry that the promise covers."""

    __tablename__ = "promise_items"

    promise_id: Mapped[int] = refers_to("promises", primary_key=True)
    entry_id: Mapped[int] = refers_to("entries", primary_key=True)

    __table_args__ = (Index("ix_promise_items_entry_id", "entry_id"),)
