"""Guardrails as each country keeps them."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, refers_to


class Guardrail(Base):
    """One country's limits on contact; `country` empty is the default of every other. Times are "HH:MM".

    A default that came with the installation until `confirmed_at`: the law is for a person to check.
    """

    __tablename__ = "guardrails"

    id: Mapped[Key]
    country: Mapped[Code] = mapped_column(unique=True)
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    opens: Mapped[str] = mapped_column(String(5))
    closes: Mapped[str] = mapped_column(String(5))
    saturday_opens: Mapped[str] = mapped_column(String(5))
    saturday_closes: Mapped[str] = mapped_column(String(5))
    sunday_opens: Mapped[str] = mapped_column(String(5))
    sunday_closes: Mapped[str] = mapped_column(String(5))
    holidays: Mapped[bool]
    cap: Mapped[int | None]
    cap_days: Mapped[int]
    call_cap: Mapped[int | None]
    call_days: Mapped[int]
    sms_cap: Mapped[int | None]
    sms_days: Mapped[int]
    gap_days: Mapped[int]
    confirmed_at: Mapped[Instant | None]
    confirmed_by_id: Mapped[int | None] = refers_to("users", index=False)
