"""create_app(): what there is. Read this first."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

from wiseops import config as configuration
from wiseops import extensions, models  # noqa: F401
from wiseops.api import health
from wiseops.cli import imports, ledger
from wiseops.config import ROOT, Config
from wiseops.web import home, pages, settings

BLUEPRINTS = (
    health.bp,
    home.bp,
    settings.bp,
)
COMMANDS: tuple[AppGroup, ...] = (imports.commands, ledger.commands)


def create_app(config: Config | None = None) -> Flask:
    """The application, wired from the environment unless `config` is given."""
    config = config or configuration.read()
    app = Flask("wiseops", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.url_map.strict_slashes = False
    config.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["wiseops"] = config
    app.extensions["redis"] = extensions.doorbell(config.doorbell_url)
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    extensions.csrf.init_app(app)
    extensions.htmx.init_app(app)
    pages.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
