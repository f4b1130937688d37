"""The company this installation belongs to: one row, id 1."""

from sqlalchemy import JSON, Text
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Key, Text200, refers_to


class Company(Base):
    """The creditor. `currencies` empty means every ISO 4217 currency is allowed."""

    __tablename__ = "company"

    id: Mapped[Key]
    name: Mapped[Text200]
    address: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[Code] = mapped_column(default="DK")
    timezone: Mapped[Code] = mapped_column(default="Europe/Copenhagen")
    language: Mapped[Code] = mapped_column(default="en")
    currency: Mapped[Code] = mapped_column(default="DKK")
    currencies: Mapped[list[str]] = mapped_column(JSON, default=list)
    how_to_pay: Mapped[str] = mapped_column(Text, default="")
    email_sender: Mapped[Text200] = mapped_column(default="")
    email_sender_name: Mapped[Text200] = mapped_column(default="")
    reply_to: Mapped[Text200] = mapped_column(default="")
    sms_sender: Mapped[Code] = mapped_column(default="")
    sms_senders: Mapped[str] = mapped_column(Text, default="", server_default="")
    phone: Mapped[Code] = mapped_column(default="")
    terms_days: Mapped[int] = mapped_column(default=30)
    business_days: Mapped[list[int]] = mapped_column(JSON, default=lambda: [0, 1, 2, 3, 4])
    ledger_max_age_days: Mapped[int | None]
    collected_days: Mapped[int] = mapped_column(default=30)
    credit_allocation: Mapped[bool] = mapped_column(default=True)
    promise_grace_days: Mapped[int] = mapped_column(default=2, server_default="2")
    promise_longest_days: Mapped[int] = mapped_column(default=30, server_default="30")
    reply_hold_days: Mapped[int] = mapped_column(default=5, server_default="5")
    logo_id: Mapped[int | None] = refers_to("files")
