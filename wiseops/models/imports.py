"""Files of accounts and entries that were read in."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to


class ImportProfile(Base):
    """How a source's columns become ours; `mapping` as formats.profiles.Profile.to_json."""

    __tablename__ = "import_profiles"

    id: Mapped[Key]
    name: Mapped[Text200]
    kind: Mapped[Code]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("name", "kind"),)


class Import(Base):
    """One reading of one file. `answer` is the import answer; `proposals` entries a snapshot no longer lists."""

    __tablename__ = "imports"

    id: Mapped[Key]
    kind: Mapped[Code]
    profile: Mapped[Text200] = mapped_column(default="")
    filename: Mapped[Text200] = mapped_column(default="")
    file_id: Mapped[int | None] = refers_to("files")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[Code]
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0, server_default="0")
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    proposals: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = refers_to("users", index=False)
    finished_at: Mapped[Instant | None]
