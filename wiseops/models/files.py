"""Files live in the database, in parts of 1 MiB: a PaaS disk forgets."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Instant, Key, Minor, Text200, refers_to


class File(Base):
    """A stored file; its bytes are its parts in order."""

    __tablename__ = "files"

    id: Mapped[Key]
    name: Mapped[Text200]
    content_type: Mapped[Text200]
    size: Mapped[Minor]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[Instant]
    keep_until: Mapped[Instant | None]


class FilePart(Base):
    """1 MiB of a file."""

    __tablename__ = "file_parts"

    file_id: Mapped[int] = refers_to("files", primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
