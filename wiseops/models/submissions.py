"""Forms that were sent, so that one sent twice acts once."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Instant, Key, Minor


class Submission(Base):
    """The token of a form, and the id of the row that it made."""

    __tablename__ = "submissions"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    made_id: Mapped[Minor]
    at: Mapped[Instant]
