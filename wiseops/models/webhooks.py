"""What providers called us with, kept raw before anything is done about it."""

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200


class Webhook(Base):
    """One event, once by provider and the provider's own id of it. `body` is its JSON; `outcome` what came of it."""

    __tablename__ = "webhooks"

    id: Mapped[Key]
    provider: Mapped[Code]
    event_id: Mapped[Text200]
    kind: Mapped[Code]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    outcome: Mapped[Text200] = mapped_column(default="")

    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_webhooks_done_at", "done_at"))
