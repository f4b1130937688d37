"""Runs migrations on the app's database: all of them or none."""

import sqlite3
from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from wiseops.queries import schema

db = current_app.extensions["migrate"].db


def migrate(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # A rebuilt table would lose what refers to it; inside a transaction this switch is ignored.
        driver(connection).execute("PRAGMA foreign_keys=OFF")
        keep_a_copy(connection)
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        transactional_ddl=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite:
            refuse_lost_references(connection)
    if connection.in_transaction():
        connection.commit()


def keep_a_copy(connection: Connection) -> None:
    """`<file>.before-<revision it must reach>`, when there is anything to keep and anything to do."""
    path = connection.engine.url.database
    standing = schema.current(connection)
    connection.rollback()
    if not standing or standing == schema.heads() or not path or path == ":memory:":
        return
    copy = Path(f"{path}.before-{'-'.join(sorted(schema.heads()))}")
    with sqlite3.connect(copy) as target:
        driver(connection).backup(target)
    target.close()


def refuse_lost_references(connection: Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"The migration was undone: {len(lost)} rows would refer to nothing, such as {lost[0]}.")


def driver(connection: Connection) -> sqlite3.Connection:
    return connection.connection.dbapi_connection


with db.engine.connect() as connection:
    migrate(connection)
    if connection.dialect.name == "sqlite":
        driver(connection).execute("PRAGMA foreign_keys=ON")
