"""Many rows in one statement, without the cost of an object or of a statement of its own for each."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Insert, Table, Update, bindparam, insert, literal_column

from wiseops.extensions import Base, db


def add(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows; columns they leave out take the model's defaults, written into the statement once."""
    if rows:
        db.session.flush()
        _prepared(_inserting(model, frozenset(rows[0])), db.engine.dialect.name).run(rows)


def change(statement: Update, rows: Sequence[dict[str, Any]]) -> None:
    """Runs the statement, which the caller keeps, once for each row: the values of its parameters by name."""
    if rows:
        db.session.flush()
        _prepared(statement, db.engine.dialect.name).run(rows)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, and what makes each of its parameters fit for the driver."""

    sql: str
    parameters: Sequence[tuple[str, Callable[[Any], Any] | None]]
    is_positional: bool

    def run(self, rows: Sequence[dict[str, Any]]) -> None:
        columns = []
        for name, fit in self.parameters:
            values = [row[name] for row in rows]
            columns.append(values if fit is None else [fit(value) for value in values])
        given: list[Any] = list(zip(*columns, strict=True))
        if not self.is_positional:
            names = [name for name, _ in self.parameters]
            given = [dict(zip(names, values, strict=True)) for values in given]
        db.session.connection().exec_driver_sql(self.sql, given)


@functools.cache
def _prepared(statement: Insert | Update, _dialect: str) -> _Prepared:
    """SQLAlchemy works this out anew for every row that it is given; here it is done once a statement."""
    dialect = db.engine.dialect
    compiled: Any = statement.compile(dialect=dialect)
    types = {name: parameter.type.dialect_impl(dialect) for name, parameter in compiled.binds.items()}
    names = compiled.positiontup if dialect.positional else types
    return _Prepared(
        compiled.string, [(name, types[name].bind_processor(dialect)) for name in names], dialect.positional
    )


@functools.cache
def _inserting(model: type[Base], given: frozenset[str]) -> Insert:
    table = cast(Table, model.__table__)
    defaults: dict[str, Any] = {c.name: c.default for c in table.columns if c.default is not None}
    values: dict[str, Any] = {
        name: literal_column(_sql(default.arg if default.is_scalar else default.arg(None)))
        for name, default in defaults.items()
        if name not in given
    }
    return insert(table).values(values | {name: bindparam(name) for name in given}).inline()


def _sql(default: Any) -> str:
    """A default of a model, which is a plain string, number, truth value or JSON, as SQL that both databases read."""
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, int):
        return str(int(default))
    return "'" + (default if isinstance(default, str) else json.dumps(default)).replace("'", "''") + "'"
