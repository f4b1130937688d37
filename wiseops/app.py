"""create_app(): what there is. Read this first."""

from __future__ import annotations

from click import Command
from flask import Flask

from wiseops import auth, extensions, models, security  # noqa: F401
from wiseops import config as configuration
from wiseops.adapters import senders
from wiseops.api import health, webhooks
from wiseops.cli import automation as automation_commands
from wiseops.cli import demo as demo_commands
from wiseops.cli import doubles as doubles_commands
from wiseops.cli import imports as imports_commands
from wiseops.cli import ledger as ledger_commands
from wiseops.cli import messages as messages_commands
from wiseops.cli import plans as plans_commands
from wiseops.cli import replays as replays_commands
from wiseops.cli import users as users_commands
from wiseops.config import ROOT, Config
from wiseops.web import (
    accounts,
    activities,
    allocations,
    arrivals,
    blocks,
    calls,
    company,
    compositions,
    contacts,
    dispositions,
    disputes,
    documents,
    entries,
    exclusions,
    guardrails,
    imports,
    inbox,
    loads,
    logos,
    messages,
    pages,
    plans,
    profile,
    promises,
    rounds,
    sending,
    sessions,
    settings,
    statements,
    suppressions,
    tasks,
    templates,
    threads,
    unclear,
    unsubscriptions,
    users,
    worklist,
)
from wiseops.web.auto_collection import acts, pauses
from wiseops.web.auto_collection import page as auto_collection
from wiseops.web.reports import page as reports

BLUEPRINTS = (
    accounts.bp,
    activities.bp,
    acts.bp,
    allocations.bp,
    arrivals.bp,
    auto_collection.bp,
    blocks.bp,
    calls.bp,
    company.bp,
    compositions.bp,
    contacts.bp,
    dispositions.bp,
    disputes.bp,
    documents.bp,
    entries.bp,
    exclusions.bp,
    health.bp,
    guardrails.bp,
    imports.bp,
    inbox.bp,
    loads.bp,
    logos.bp,
    messages.bp,
    pauses.bp,
    plans.bp,
    profile.bp,
    promises.bp,
    reports.bp,
    rounds.bp,
    sending.bp,
    sessions.bp,
    settings.bp,
    statements.bp,
    suppressions.bp,
    tasks.bp,
    templates.bp,
    threads.bp,
    unclear.bp,
    unsubscriptions.bp,
    users.bp,
    webhooks.bp,
    worklist.bp,
)
COMMANDS: tuple[Command, ...] = (
    demo_commands.demo,
    doubles_commands.commands,
    imports_commands.commands,
    automation_commands.commands,
    ledger_commands.commands,
    messages_commands.commands,
    plans_commands.commands,
    replays_commands.replay,
    users_commands.commands,
)


def create_app(config: Config | None = None) -> Flask:
    """The application, wired from the environment unless `config` is given."""
    config = config or configuration.read()
    app = Flask("wiseops", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.url_map.strict_slashes = False
    config.data_dir.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "pool_use_lifo": True, "hide_parameters": True},
        WTF_CSRF_TIME_LIMIT=None,
        MAIL_SERVER=config.mail_server,
        MAIL_PORT=config.mail_port,
        MAIL_SUPPRESS_SEND=False,
        RATELIMIT_STORAGE_URI=_limits_at(config),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=config.redis_url is not None,
    )
    app.extensions["wiseops"] = config
    app.extensions["senders"] = senders.build(config)
    app.extensions["caller"] = senders.caller(config)
    app.extensions["redis"] = extensions.doorbell(config.doorbell_url)
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    extensions.htmx.init_app(app)
    extensions.mail.init_app(app)
    security.register(app, config)
    auth.register(app)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    pages.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _limits_at(config: Config) -> str:
    url = config.redis_url or "memory://"
    return "redis+" + url if url.startswith("unix://") else url
