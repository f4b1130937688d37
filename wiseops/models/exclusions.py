"""Who is never chased by itself: a named rule, or a list."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Key, Text200, refers_to


class Exclusion(Base):
    """`conditions` as for plans, or None where the exclusion is a list of accounts."""

    __tablename__ = "exclusions"

    id: Mapped[Key]
    name: Mapped[Text200] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    conditions: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ExcludedAccount(Base):
    """An account on an exclusion's list."""

    __tablename__ = "excluded_accounts"

    exclusion_id: Mapped[int] = refers_to("exclusions", primary_key=True)
    account_id: Mapped[int] = refers_to("accounts", primary_key=True)
