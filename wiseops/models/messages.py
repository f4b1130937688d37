"""The outbox: every message that left, waits, or was stopped."""

from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Currency, Instant, Key, Minor, Text200, refers_to

OF_A_STEP = text("automated AND status <> 'cancelled'")
"""Of an engagement's step, on its way or done. A query that asks for it in these words is served by the index."""


class Message(Base):
    """`status`: queued, claimed, sending, sent, delivered, undelivered, failed, unknown, cancelled.

    Address and text are filled by the last look, right before sending, and kept with their SHA-256.
    In trial mode it goes to `diverted_to` instead of `to_address`. `ref` is our own reference at the provider;
    `token` the form a person sent it from; `in_reply_to` the Message-ID that an e-mail answers.
    """

    __tablename__ = "messages"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    engagement_id: Mapped[int | None] = refers_to("engagements", index=False)
    step: Mapped[int | None]
    channel: Mapped[Code]
    automated: Mapped[bool]
    status: Mapped[Code] = mapped_column(default="queued")
    reason: Mapped[Text200] = mapped_column(default="")
    ref: Mapped[str] = mapped_column(String(36), unique=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    contact_id: Mapped[int | None] = refers_to("contacts", index=False)
    template_version_id: Mapped[int | None] = refers_to("template_versions", index=False)
    to_address: Mapped[str] = mapped_column(String(254), default="")
    cc: Mapped[list[str]] = mapped_column(JSON, default=list)
    diverted_to: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[Code] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    in_reply_to: Mapped[Text200] = mapped_column(default="", server_default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    segments: Mapped[int] = mapped_column(default=1)
    backend: Mapped[Code] = mapped_column(default="")
    provider_id: Mapped[str | None] = mapped_column(String(120), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[Instant]
    not_before: Mapped[Instant]
    claimed_by: Mapped[Code | None]
    claimed_until: Mapped[Instant | None]
    sending_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    settled_at: Mapped[Instant | None]
    created_by_id: Mapped[int | None] = refers_to("users", index=False)

    __table_args__ = (
        Index(
            "uq_messages_once",
            "engagement_id",
            "step",
            "channel",
            unique=True,
            sqlite_where=OF_A_STEP,
            postgresql_where=OF_A_STEP,
        ),
        Index("ix_messages_status_not_before", "status", "not_before"),
        Index("ix_messages_automated_sent_at", "automated", "sent_at", "status", "sending_at"),
    )

    @hybrid_property
    def left_at(self) -> datetime | None:
        """When the provider took it, else when it was handed over: nobody knows yet, or ever, whether it arrived."""
        return self.sent_at or self.sending_at

    @left_at.inplace.expression
    @classmethod
    def _left_at(cls) -> ColumnElement[datetime | None]:
        return func.coalesce(cls.sent_at, cls.sending_at)

    @hybrid_property
    def told_at(self) -> datetime:
        """The moment under which a history tells of it."""
        return self.sent_at or self.settled_at or self.sending_at or self.queued_at

    @told_at.inplace.expression
    @classmethod
    def _told_at(cls) -> ColumnElement[datetime]:
        return func.coalesce(cls.sent_at, cls.settled_at, cls.sending_at, cls.queued_at)


class MessageItem(Base):
    """An entry the message listed: `demanded`, or only named under "also overdue"."""

    __tablename__ = "message_items"

    message_id: Mapped[int] = refers_to("messages", primary_key=True)
    entry_id: Mapped[int] = refers_to("entries", primary_key=True)
    demanded: Mapped[bool]
    amount: Mapped[Minor]
    currency: Mapped[Currency]

    __table_args__ = (Index("ix_message_items_entry_id", "entry_id"),)


class MessageFile(Base):
    """A file that goes with the message: attached to an e-mail, behind a link in an SMS."""

    __tablename__ = "message_files"

    message_id: Mapped[int] = refers_to("messages", primary_key=True)
    file_id: Mapped[int] = refers_to("files", primary_key=True)


class Channel(Base):
    """How fast a channel may go; whether it is stopped, or rests since so many answers in a row were `unclear`."""

    __tablename__ = "channels"

    id: Mapped[Key]
    name: Mapped[Code]
    per_second: Mapped[int] = mapped_column(default=5)
    next_slot_at: Mapped[Instant | None]
    stopped_at: Mapped[Instant | None]
    stop_reason: Mapped[Text200] = mapped_column(default="")
    unclear: Mapped[int] = mapped_column(default=0, server_default="0")
    rests_until: Mapped[Instant | None]

    __table_args__ = (UniqueConstraint("name"),)
