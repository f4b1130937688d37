"""What every page needs: locale, time zone, theme, sidebar, addresses of static files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.routing import IntegerConverter, Map

from wiseops.extensions import babel
from wiseops.queries import company
from wiseops.web import errors, filters, navigation, reasons, texts

LANGUAGES = {"en": "English", "da": "Dansk", "nb": "Norsk bokmål"}


class RowId(IntegerConverter):
    """A number in an address that a database key can be; a larger one is not found, instead of breaking the query."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = 2**63 - 1) -> None:
        super().__init__(map, fixed_digits, min, max)


def register(app: Flask) -> None:
    """Binds what templates and addresses use everywhere."""
    app.url_map.converters["int"] = RowId
    babel.init_app(app, locale_selector=_locale, timezone_selector=_timezone)
    filters.register(app)
    app.jinja_env.filters.update(reason=reasons.sentence, why=reasons.why, reason_day=reasons.when)
    errors.register(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=texts.shown,
        navigation=navigation.places,
        waiting=navigation.waiting,
        automation_state=navigation.automation_state,
    )
    app.context_processor(_context)
    app.url_defaults(_version)


def _locale() -> str | None:
    wanted = getattr(current_user, "locale", None)
    return wanted if wanted in LANGUAGES else request.accept_languages.best_match(LANGUAGES)


def _timezone() -> str | None:
    row = company.find()
    return row.timezone if row else None


def _context() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    return {"theme": theme if theme in ("light", "dark") else None, "locale": str(get_locale() or "en")}


def _version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        path = Path(str(current_app.static_folder), values["filename"])
        values["v"] = _fingerprint(path, path.stat().st_mtime_ns if path.is_file() else 0)


@cache
def _fingerprint(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if changed else ""
