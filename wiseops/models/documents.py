"""Documents behind links: what an SMS cannot carry, its reader opens."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Instant, Key, refers_to


class DocumentLink(Base):
    """Opens one stored file until it expires or is taken back. Openings are not counted: previews open links too.

    `token` is random; its address carries it signed. `message_id` the message that it went out in.
    """

    __tablename__ = "document_links"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(40), unique=True)
    file_id: Mapped[int] = refers_to("files")
    account_id: Mapped[int] = refers_to("accounts")
    message_id: Mapped[int | None] = refers_to("messages")
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = refers_to("users", index=False)
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    revoked_by_id: Mapped[int | None] = refers_to("users", index=False)
