"""Rounds of work: a worklist as it stood when somebody began to go through it."""

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, refers_to


class Round(Base):
    """`account_ids` in the order to work them; `who` and `kind` the list they are from.

    `account_id` is open since `seen_at`: others who come to it are told.
    """

    __tablename__ = "rounds"

    id: Mapped[Key]
    user_id: Mapped[int] = refers_to("users")
    who: Mapped[Code]
    kind: Mapped[Code] = mapped_column(default="")
    account_ids: Mapped[list[int]] = mapped_column(JSON)
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    account_id: Mapped[int | None] = refers_to("accounts")
    seen_at: Mapped[Instant | None]
