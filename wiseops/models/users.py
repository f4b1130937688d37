"""People who sign in."""

from flask_login import UserMixin
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200


class User(UserMixin, Base):
    """A collector, manager or admin. Raising `session_version` ends every session of the user.

    `ended_sessions`: those that were signed out of one by one since then.
    `phone` in E.164: what rings when the user calls a customer from here.
    """

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Text200]
    password_hash: Mapped[Text200]
    role: Mapped[Code]
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[Code] = mapped_column(default="en")
    phone: Mapped[Code] = mapped_column(default="", server_default="")
    session_version: Mapped[int] = mapped_column(default=1)
    ended_sessions: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    created_at: Mapped[Instant]

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """The session's key: the user and the version the session was made with."""
        return f"{self.id}.{self.session_version}"
