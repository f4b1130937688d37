"""Whether the database has the tables this code was written for."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.engine import Connection

from wiseops.extensions import db


def is_at_head() -> bool:
    """Whether every migration ran. Raises SQLAlchemyError when the database cannot be reached."""
    with db.engine.connect() as connection:
        return current(connection) == heads()


def current(connection: Connection) -> set[str]:
    """The revisions the database stands at: empty for a new one."""
    return set(MigrationContext.configure(connection).get_current_heads())


def heads() -> set[str]:
    """The revisions this code was written for."""
    config = current_app.extensions["migrate"].migrate.get_config()
    return set(ScriptDirectory.from_config(config).get_heads())
