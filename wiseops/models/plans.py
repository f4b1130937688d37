"""Plans: who is chased, and by which steps."""

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wiseops.extensions import Base
from wiseops.models.types import Code, Instant, Key, Text200, refers_to


class Plan(Base):
    """`conditions` as Conditions.to_json; `stop_below` {currency or "*": "5.00"}; lowest `priority` first."""

    __tablename__ = "plans"

    id: Mapped[Key]
    name: Mapped[Text200] = mapped_column(unique=True)
    priority: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    review_after: Mapped[int] = mapped_column(default=7)
    stop_below: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[Instant]


class PlanStep(Base):
    """Step `position` (from 1). `weekdays` 0 is Monday; `at` "HH:MM" in the debtor's zone; `channels` in order."""

    __tablename__ = "plan_steps"

    id: Mapped[Key]
    plan_id: Mapped[int] = refers_to("plans", index=False)
    position: Mapped[int]
    name: Mapped[Text200] = mapped_column(default="")
    offset_days: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(JSON)
    at: Mapped[Code]
    channels: Mapped[list[str]] = mapped_column(JSON)
    template_id: Mapped[int | None] = refers_to("templates")
    min_gap_days: Mapped[int] = mapped_column(default=5)
    deadline_days: Mapped[int | None]

    __table_args__ = (UniqueConstraint("plan_id", "position"),)
