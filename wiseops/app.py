"""create_app(): what there is. Read this first."""

from __future__ import annotations

from flask import Flask

from wiseops import config as configuration
from wiseops import extensions, models  # noqa: F401
from wiseops.config import ROOT, Config


def create_app(config: Config | None = None) -> Flask:
    """The application, wired from the environment unless `config` is given."""
    config = config or configuration.read()
    app = Flask("wiseops", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    config.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True},
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["wiseops"] = config
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    return app
