"""Forms that were sent, so that one sent twice acts once."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Instant, Key, Minor, Text200


class Submission(Base):
    """The token of a form, the id of the row that it made, and what it said: as a digest, and in a few words."""

    __tablename__ = "submissions"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    made_id: Mapped[Minor]
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    said: Mapped[Text200] = mapped_column(default="", server_default="")
    at: Mapped[Instant]
