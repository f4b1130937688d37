"""Addresses that must not be written to, whoever they belong to."""

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to

_STANDS = "lifted_at IS NULL"


class Suppression(Base):
    """`channel` sms, email or call; `address` E.164 or lower-case e-mail. Stands while `lifted_at` is empty.

    `reason`: opted_out, complaint, bounced, invalid. `source` what said so: reply, link, event, bounce, person.
    """

    __tablename__ = "suppressions"

    id: Mapped[Key]
    channel: Mapped[Code]
    address: Mapped[str] = mapped_column(String(254))
    reason: Mapped[Code]
    source: Mapped[Code]
    note: Mapped[Text200] = mapped_column(default="")
    at: Mapped[Instant]
    by_id: Mapped[int | None] = refers_to("users", index=False)
    lifted_at: Mapped[Instant | None]
    lifted_by_id: Mapped[int | None] = refers_to("users", index=False)
    lift_note: Mapped[Text200] = mapped_column(default="")

    __table_args__ = (
        Index(
            "uq_suppressions_standing",
            "channel",
            "address",
            "reason",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        Index("ix_suppressions_address", "address"),
    )
