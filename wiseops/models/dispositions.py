"""How a contact went: No Answer, Left Message, Spoke to Customer, and the admin's own."""

from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Key, Text200


class Disposition(Base):
    """`follow_up_days` proposes when to come back."""

    __tablename__ = "dispositions"

    id: Mapped[Key]
    name: Mapped[Text200] = mapped_column(unique=True)
    position: Mapped[int]
    follow_up_days: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
