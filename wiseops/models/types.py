"""Column types that keep their promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""`wake_at` of an account that changed: always due, whatever the clock says."""

Bytewise = String(60).with_variant(String(60, collation="C"), "postgresql")
"""A text ordered by its bytes everywhere, so that a range of it is a prefix and an index serves it."""

BIG = BigInteger().with_variant(Integer, "sqlite")


class _IsoDateTime(sqlite.DATETIME):
    """SQLite keeps instants as ISO text of one width, so that text order is time order."""

    def bind_processor(self, dialect: Dialect) -> Any:
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return lambda value: None if value is None else datetime.fromisoformat(value)


_ISO: Any = _IsoDateTime()  # type: ignore[no-untyped-call]


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Stored in UTC; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_ISO if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)  # type: ignore[no-any-return]


Key = Annotated[int, mapped_column(BIG, primary_key=True)]
Minor = Annotated[int, mapped_column(BIG)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Code = Annotated[str, mapped_column(String(40))]
Currency = Annotated[str, mapped_column(String(3))]
Text200 = Annotated[str, mapped_column(String(200))]


def refers_to(target: str, **options: Any) -> Any:
    """A foreign key column to `table.id`, indexed unless told otherwise."""
    options.setdefault("index", True)
    primary_key = options.pop("primary_key", False)
    if primary_key:
        options["index"] = False
    return mapped_column(BIG, ForeignKey(f"{target}.id"), primary_key=primary_key, **options)
