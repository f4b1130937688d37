"""What no index is to be looked up by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Unindexed(FunctionElement[Any]):
    inherit_cache = True


def unindexed(column: Any) -> ColumnElement[Any]:
    """The column, by which SQLite looks nothing up: it would read all sent messages for one account's.

    PostgreSQL counts, and chooses by itself. https://www.sqlite.org/optoverview.html#uplus
    """
    element = _Unindexed(column)
    element.type = column.type
    return element


@compiles(_Unindexed)
def _plain(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_Unindexed, "sqlite")
def _with_plus(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + compiler.process(element.clauses, **options)
