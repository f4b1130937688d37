"""Closed days, kept so that a newer library does not change what was decided."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Text200


class Holiday(Base):
    """A day of a country. Not `closed`: an admin took it out, and it stays out.

    `source`: the version of the package it came from, or admin.
    """

    __tablename__ = "holidays"

    country: Mapped[Code] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[Text200]
    source: Mapped[Code]
    closed: Mapped[bool]
