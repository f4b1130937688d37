"""Customer accounts, and what was last decided about each."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import EPOCH, Bytewise, Code, Instant, Key, Text200, refers_to


class Account(Base):
    """One customer. `rev` counts every change that a decision could depend on; see services.automation.

    `overdue_since` is the due date of the oldest item overdue.
    """

    __tablename__ = "accounts"

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[Text200]
    search: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[Code] = mapped_column(default="business")
    country: Mapped[Code | None] = mapped_column(index=True)
    language: Mapped[Code | None]
    timezone: Mapped[Code | None]
    street: Mapped[Text200] = mapped_column(default="")
    postal_code: Mapped[Code] = mapped_column(default="")
    city: Mapped[Text200] = mapped_column(default="")
    owner_id: Mapped[int | None] = refers_to("users")
    created_at: Mapped[Instant]

    blocked_at: Mapped[Instant | None]
    blocked_by_id: Mapped[int | None] = refers_to("users", index=False)
    block_reason: Mapped[Text200] = mapped_column(default="")
    block_review_on: Mapped[date | None]
    hold_until: Mapped[date | None]
    hold_reason: Mapped[Text200] = mapped_column(default="")
    hold_until_reply: Mapped[bool] = mapped_column(default=False, server_default=false())

    rev: Mapped[int] = mapped_column(default=1)
    wake_at: Mapped[Instant | None] = mapped_column(default=EPOCH, index=True)
    rules_version: Mapped[int] = mapped_column(default=0, index=True)
    decided_at: Mapped[Instant | None]
    stage: Mapped[Code] = mapped_column(default="clear")
    stage_since: Mapped[Instant | None]
    overdue_since: Mapped[date | None]
    held: Mapped[Code | None] = mapped_column(index=True)
    plan_id: Mapped[int | None] = refers_to("plans", index=False)
    step: Mapped[int | None]
    send_at: Mapped[Instant | None]
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)

    __table_args__ = (
        Index("ix_accounts_stage_name", "stage", "name"),
        Index("ix_accounts_stage_send_at", "stage", "send_at", "id", "plan_id", "step"),
        Index("ix_accounts_stage_overdue_since", "stage", "overdue_since", "id"),
        Index("ix_accounts_name", "name"),
    )


class AccountTag(Base):
    """A word put on an account, for filters and rules."""

    __tablename__ = "account_tags"

    account_id: Mapped[int] = refers_to("accounts", primary_key=True)
    tag: Mapped[Code] = mapped_column(primary_key=True, index=True)


class AccountWord(Base):
    """What an account is found by, written small: the words of its name, its number, its addresses."""

    __tablename__ = "account_words"

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    account_id: Mapped[int] = refers_to("accounts", primary_key=True)

    __table_args__ = (Index("ix_account_words_account_id", "account_id"),)
