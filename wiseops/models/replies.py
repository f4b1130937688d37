"""What debtors write to us."""

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to

_WAITS = text("handled_at IS NULL AND NOT automatic")


class Reply(Base):
    """A message from outside. No `account_id`: nobody knows whose it is, it waits in the inbox.

    `keyword` stop, start or help where it is nothing but that; `automatic` where a program wrote it, `kind` which: an
    out-of-office answer (`automatic`), a `bounce`, a `complaint`; `reply` where a person did.
    Of an e-mail, `body` is what was written now and `quoted` what it answers; `mail_id` is its Message-ID, `raw_id` the
    mail as it came, `left_out` the names of files that are only in there.
    `message_id` ours that it answers. `read_at` when someone first saw it, `handled_at` when someone dealt with it,
    `answered_by_id` what they wrote to do so. `placed_at` when someone gave it to the account.
    """

    __tablename__ = "replies"

    id: Mapped[Key]
    channel: Mapped[Code]
    account_id: Mapped[int | None] = refers_to("accounts", index=False)
    contact_id: Mapped[int | None] = refers_to("contacts", index=False)
    message_id: Mapped[int | None] = refers_to("messages")
    provider: Mapped[Code]
    provider_id: Mapped[Text200]
    from_address: Mapped[str] = mapped_column(String(254), index=True)
    to_address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    keyword: Mapped[Code] = mapped_column(default="")
    automatic: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[Code] = mapped_column(default="reply", server_default="reply")
    from_name: Mapped[Text200] = mapped_column(default="", server_default="")
    mail_id: Mapped[Text200] = mapped_column(default="", server_default="", index=True)
    quoted: Mapped[str] = mapped_column(Text, default="", server_default="")
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    raw_id: Mapped[int | None] = refers_to("files", index=False)
    received_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
    handled_at: Mapped[Instant | None]
    handled_by_id: Mapped[int | None] = refers_to("users", index=False)
    handled_note: Mapped[str] = mapped_column(Text, default="")
    placed_at: Mapped[Instant | None]
    answered_by_id: Mapped[int | None] = refers_to("messages", index=False)

    __table_args__ = (
        UniqueConstraint("provider", "provider_id"),
        Index("ix_replies_account_id_received_at", "account_id", "received_at"),
        Index("ix_replies_handled_at", "handled_at"),
        Index("ix_replies_waiting", "account_id", "received_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )


class ReplyPart(Base):
    """An SMS that the network delivered by itself, of a reply that came in several; one that came whole has none."""

    __tablename__ = "reply_parts"

    id: Mapped[Key]
    reply_id: Mapped[int] = refers_to("replies")
    provider: Mapped[Code]
    provider_id: Mapped[Text200]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]

    __table_args__ = (UniqueConstraint("provider", "provider_id"),)


class ReplyFile(Base):
    """A file that came with an e-mail."""

    __tablename__ = "reply_files"

    reply_id: Mapped[int] = refers_to("replies", primary_key=True)
    file_id: Mapped[int] = refers_to("files", primary_key=True)
