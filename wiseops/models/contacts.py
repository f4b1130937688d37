"""People and addresses at an account."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Key, Text200, refers_to


class Contact(Base):
    """`phone` is E.164, or None where `phone_given` is no valid number. `roles`: billing, dunning, legal."""

    __tablename__ = "contacts"

    id: Mapped[Key]
    account_id: Mapped[int] = refers_to("accounts")
    name: Mapped[Text200] = mapped_column(default="")
    roles: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["billing", "dunning"])
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(16), index=True)
    phone_given: Mapped[Code] = mapped_column(default="")
    default_email: Mapped[bool] = mapped_column(default=False)
    default_sms: Mapped[bool] = mapped_column(default=False)
    cc: Mapped[bool] = mapped_column(default=False)
