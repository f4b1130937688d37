"""What messages say, per channel and language, every version kept."""

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to


class Template(Base):
    """A named text that steps use."""

    __tablename__ = "templates"

    id: Mapped[Key]
    name: Mapped[Text200] = mapped_column(unique=True)
    archived: Mapped[bool] = mapped_column(default=False)


class TemplateVersion(Base):
    """One wording; the highest `version` of a (template, channel, language) is the one in use."""

    __tablename__ = "template_versions"

    id: Mapped[Key]
    template_id: Mapped[int] = refers_to("templates", index=False)
    channel: Mapped[Code]
    language: Mapped[Code]
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = refers_to("users", index=False)

    __table_args__ = (UniqueConstraint("template_id", "channel", "language", "version"),)
