"""Before the first request: the tables, the demo book on an empty installation, and what must be true to start."""

from __future__ import annotations

import time
from contextlib import suppress

import structlog
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from wiseops.config import Config, Misconfigured
from wiseops.domain.demo import LOGINS, Login
from wiseops.extensions import db
from wiseops.models import Account, Automation, User
from wiseops.queries import schema

_log = structlog.get_logger(__name__)


def migrate(app: Flask) -> None:
    """Brings the tables to head; exits with the reason in the log when that fails."""
    with app.app_context():
        upgrade()
        db.engine.dispose()


def fill_if_new(app: Flask) -> None:
    """Makes the demo book where there is not one account yet."""
    with app.app_context():
        is_new = db.session.scalar(select(Account.id).limit(1)) is None
        db.session.remove()
    if is_new and "demo" in app.cli.commands:
        info = ScriptInfo(create_app=lambda: app)
        app.cli.main(args=["demo"], prog_name="flask", standalone_mode=False, obj=info)


def logins(app: Flask) -> list[Login]:
    """The people of the demo book, as far as they are here."""
    with app.app_context():
        here = set(db.session.scalars(select(User.email).where(User.active)))
        db.session.remove()
        db.engine.dispose()
    return [login for login in LOGINS if login.email in here]


def wait_for_head(app: Flask) -> None:
    """Returns when every migration ran: a worker may be started before the release step has ended."""
    told = False
    while not _is_at_head(app):
        if not told:
            _log.warning("waiting_for_migrations")
            told = True
        time.sleep(1)


def check_live_mode(app: Flask) -> None:
    """Refuses to start where messages are live but would end in files. A database that does not answer says nothing."""
    config: Config = app.extensions["wiseops"]
    missing = config.missing_for_live()
    if missing is None:
        return
    with app.app_context(), suppress(SQLAlchemyError):
        if db.session.scalar(select(Automation.mode)) == "live":
            raise Misconfigured(missing)


def _is_at_head(app: Flask) -> bool:
    with app.app_context():
        try:
            return schema.is_at_head()
        except SQLAlchemyError:
            return False
