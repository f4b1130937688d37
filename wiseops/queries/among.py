"""Reads for many ids at once: one parameter however many there are, so that a statement is always the same text."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Executable, Result, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from wiseops.extensions import db


class _Ids(TypeDecorator[Collection[int]]):
    """Ids as one value: JSON to SQLite, an array to PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else ids


class _Among(FunctionElement[bool]):
    """Without a type: of a boolean SQLite would be asked whether it is 1, and then use no index."""

    inherit_cache = True


def among(column: Any) -> ColumnElement[bool]:
    """Whether the column is one of the ids that `rows_of` is given."""
    return _Among(column, bindparam("ids", type_=_Ids()))


def rows_of(ids: Collection[int], statement: Executable) -> Result[*tuple[Any, ...]]:
    """Rows of a statement that asks `among`, without what the ORM adds to each: columns only, no objects."""
    db.session.flush()
    return db.session.connection().execute(statement, {"ids": ids})


@compiles(_Among, "sqlite")
def _among_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608


@compiles(_Among, "postgresql")
def _among_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({ids})"
