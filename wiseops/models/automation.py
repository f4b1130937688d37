"""The switch: whether automation runs, and in which mode."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Currency, Instant, Key, Minor, Text200, refers_to


class Automation(Base):
    """One row, id 1. `rules_version` counts every change of plans, exclusions, templates, pause and company rules."""

    __tablename__ = "automation"

    id: Mapped[Key]
    paused: Mapped[bool] = mapped_column(default=True)
    paused_at: Mapped[Instant | None]
    paused_by_id: Mapped[int | None] = refers_to("users")
    pause_reason: Mapped[Text200] = mapped_column(default="")
    pause_until: Mapped[Instant | None]
    mode: Mapped[Code] = mapped_column(default="trial")
    trial_email: Mapped[Text200] = mapped_column(default="")
    trial_phone: Mapped[Code] = mapped_column(default="")
    stopped: Mapped[bool] = mapped_column(default=False)
    daily_limit: Mapped[int | None]
    rules_version: Mapped[int] = mapped_column(default=1)
    ledger_at: Mapped[Instant | None]


class AutomationSwitch(Base):
    """Who turned which switch, when and why: `paused`, `resumed`, `mode`, `stopped`, `started`."""

    __tablename__ = "automation_switches"

    id: Mapped[Key]
    kind: Mapped[Code]
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users")
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[Instant | None]


class StageTotal(Base):
    """How many accounts a stage has (`currency` '') and what they owe per currency; kept by delta."""

    __tablename__ = "stage_totals"

    stage: Mapped[Code] = mapped_column(primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    accounts: Mapped[int] = mapped_column(default=0)
    balance: Mapped[Minor] = mapped_column(default=0)
    overdue: Mapped[Minor] = mapped_column(default=0)
    collectable: Mapped[Minor] = mapped_column(default=0)


class Position(Base):
    """What one account owes in one currency, as last decided."""

    __tablename__ = "positions"

    account_id: Mapped[int] = refers_to("accounts", primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    balance: Mapped[Minor]
    overdue: Mapped[Minor]
    collectable: Mapped[Minor]

    __table_args__ = (Index("ix_positions_currency_balance", "currency", "balance"),)
