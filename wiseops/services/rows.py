"""Many rows in one statement, without the cost of an object each."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Insert, Table, insert, literal_column
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from wiseops.extensions import Base, db


def add(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows; columns they leave out take the model's defaults, written into the statement once."""
    if rows:
        db.session.flush()
        db.session.connection().execute(_statement(model, frozenset(rows[0])), rows)


@functools.cache
def _statement(model: type[Base], given: frozenset[str]) -> Insert:
    table = cast(Table, model.__table__)
    constants: dict[str, Any] = {
        column.name: literal_column(_sql(column.default.arg))
        for column in table.columns
        if isinstance(column.default, ScalarElementColumnDefault) and column.name not in given
    }
    return insert(table).values(constants) if constants else insert(table)


def _sql(constant: Any) -> str:
    """A default of a model, which is a plain string, number or truth value, as SQL that both databases read."""
    if isinstance(constant, bool):
        return "true" if constant else "false"
    return "'" + constant.replace("'", "''") + "'" if isinstance(constant, str) else str(int(constant))
