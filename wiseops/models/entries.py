"""The ledger: entries and allocations. Neither is ever deleted; a correction is a further row."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Currency, Instant, Key, Minor, refers_to


class Entry(Base):
    """One line on an account. Debits are positive, credits negative; `open` is what is not allocated yet.

    `allocate_to` is the number the source named, kept so that an unknown invoice can arrive later.
    """

    __tablename__ = "entries"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts", index=False)
    kind: Mapped[Code]
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    due_on: Mapped[date]
    currency: Mapped[Currency]
    amount: Mapped[Minor]
    open: Mapped[Minor]
    disputed: Mapped[Minor] = mapped_column(default=0)
    payment_reference: Mapped[str] = mapped_column(String(60), default="")
    allocate_to: Mapped[str] = mapped_column(String(60), default="")
    waiting: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[Code] = mapped_column(default="manual")
    posted_at: Mapped[Instant]
    posted_by_id: Mapped[int | None] = refers_to("users", index=False)
    reverses_id: Mapped[int | None] = refers_to("entries")

    __table_args__ = (
        UniqueConstraint("account_id", "kind", "number"),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint(
            "(amount > 0 AND open >= 0 AND open <= amount) OR (amount < 0 AND open <= 0 AND open >= amount)",
            name="open",
        ),
        CheckConstraint("disputed >= 0", name="disputed"),
        Index("ix_entries_number", "number"),
        Index(
            "ix_entries_payment_reference",
            "payment_reference",
            sqlite_where=text("payment_reference <> ''"),
            postgresql_where=text("payment_reference <> ''"),
        ),
        Index("ix_entries_issued_on", "issued_on"),
        Index(
            "ix_entries_ageing",
            *("currency", "due_on", "issued_on", "open", "account_id"),
            sqlite_where=text("open <> 0"),
            postgresql_where=text("open <> 0"),
        ),
        Index("ix_entries_open", "account_id", sqlite_where=text("open <> 0"), postgresql_where=text("open <> 0")),
    )


class Allocation(Base):
    """Part of a credit put against part of a debit of one account and currency.

    `amount` is positive, or negative for a counter-allocation that undoes (`undoes_id`).
    `effective_on` is the later of the two entries' dates; of a counter-allocation the day that undid it.
    """

    __tablename__ = "allocations"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    debit_id: Mapped[int] = refers_to("entries")
    credit_id: Mapped[int] = refers_to("entries")
    amount: Mapped[Minor]
    effective_on: Mapped[date] = mapped_column(index=True)
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users", index=False)
    undoes_id: Mapped[int | None] = refers_to("allocations", index=False)

    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        UniqueConstraint("undoes_id"),
    )
