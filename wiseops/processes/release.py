"""Before the first request: the tables, the demo book on an empty installation, and what must be true to start."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import structlog
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from wiseops import logs
from wiseops.app import create_app
from wiseops.config import Config, Misconfigured
from wiseops.extensions import db
from wiseops.models import Account, Automation
from wiseops.queries import schema

_log = structlog.get_logger(__name__)


def main(argv: Sequence[str]) -> int:
    """Migrates; with `--demo` fills an installation that has no accounts."""
    logs.configure()
    try:
        app = create_app()
    except Misconfigured as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    with app.app_context():
        upgrade()
        is_new = db.session.scalar(select(Account.id).limit(1)) is None
    if "--demo" in argv and is_new and "demo" in app.cli.commands:
        sys.stdout.write("Making the demo book: two months in the life of 300 customers\n")
        sys.stdout.flush()
        return app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False).exit_code
    return 0


def wait_for_head(app: Flask) -> None:
    """Returns when every migration ran: a worker may be started before the release step has ended."""
    told = False
    while not _is_at_head(app):
        if not told:
            _log.warning("waiting_for_migrations")
            told = True
        time.sleep(1)


def check_live_mode(app: Flask) -> None:
    """Refuses to start where messages are live but would end in files."""
    config: Config = app.extensions["wiseops"]
    missing = config.missing_for_live()
    if missing is None:
        return
    with app.app_context():
        if db.session.scalar(select(Automation.mode)) == "live":
            raise Misconfigured(missing)


def _is_at_head(app: Flask) -> bool:
    with app.app_context():
        try:
            return schema.is_at_head()
        except SQLAlchemyError:
            return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
