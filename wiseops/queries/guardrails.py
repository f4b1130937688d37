"""Guardrails as each country keeps them, and what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import time
from typing import Any

from sqlalchemy import select

from wiseops.domain.errors import NotFound
from wiseops.domain.guardrails.settings import Guardrails
from wiseops.extensions import db
from wiseops.models import Guardrail


def everything() -> Mapping[str, Guardrails]:
    """By country; the default under the empty one."""
    return {row.country: of_row(row) for row in rows()}


def rows() -> list[Guardrail]:
    """Every country's row, the default first."""
    return list(db.session.scalars(select(Guardrail).order_by(Guardrail.country)))


def row(country: str) -> Guardrail:
    """The country's own row, or NotFound."""
    found = db.session.scalar(select(Guardrail).where(Guardrail.country == country))
    if found is None:
        raise NotFound(f"guardrails of {country}")
    return found


def of_row(row: Guardrail) -> Guardrails:
    """The row as the domain knows it."""
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Guardrails)}
    times = {name: time.fromisoformat(value) for name, value in values.items() if name.endswith(("opens", "closes"))}
    return Guardrails(**values | times | {"weekdays": frozenset(values["weekdays"])})
