"""Flask extensions, made once and bound to the app in app.py."""

import sqlite3
import time

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = CSRFProtect()
login_manager = LoginManager()
limiter = Limiter(key_func=get_remote_address)
babel = Babel()
htmx = Htmx()
mail = Mail()


def doorbell(url: str | None) -> Redis | None:
    """A Redis client that gives up within two seconds, so that a request never waits for it."""
    if url is None:
        return None
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 1))


PATIENCE = 20.0
"""Seconds that a statement waits for SQLite's one writer before it fails."""


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection, _record) -> None:  # type: ignore[no-untyped-def]
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", _patient(PATIENCE), "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute("PRAGMA " + pragma)


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get("tx") == "IMMEDIATE":
        _take_turn(connection.connection.dbapi_connection)  # type: ignore[arg-type]
    else:
        connection.exec_driver_sql("BEGIN DEFERRED")


def _take_turn(connection: sqlite3.Connection) -> None:
    """Begins to write. SQLite's own waiting asks ever more rarely, so that a person starves beside two busy workers."""
    end = time.monotonic() + PATIENCE
    connection.execute("PRAGMA " + _patient(0))
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                    raise
                time.sleep(0.002)
            else:
                return
    finally:
        connection.execute("PRAGMA " + _patient(PATIENCE))


def _patient(seconds: float) -> str:
    return f"busy_timeout={int(seconds * 1000)}"
