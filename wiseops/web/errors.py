"""What a person sees when something is not there, not allowed, or broken."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import structlog
from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from wiseops.domain.errors import NotFound, Refused
from wiseops.security import MIB, is_machine
from wiseops.services.transaction import end_read
from wiseops.web.htmx import go, wants_fragment

MOST_DISCARDED = 512 * MIB
_log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Answers every error in words: a page, one line of text that app.js shows as a notice, or JSON to a program."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(NotFound, lambda _error: _say(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(DataError, _cannot_be)
    app.register_error_handler(OverflowError, _cannot_be)
    app.register_error_handler(sqlite3.OperationalError, _busy)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    return _say(error.code, (error.description or "") if is_machine() else "")


def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Reads on from whoever signed in: a browser shows no answer that comes while it still sends."""
    if current_user.is_authenticated:
        end_read()
        request.max_content_length = MOST_DISCARDED
        with suppress(RequestEntityTooLarge, ClientDisconnected):
            while request.stream.read(MIB):
                pass
    return _http(error)


def _stale(_error: CSRFError) -> ResponseReturnValue:
    text = _("The page was open too long. Reload it and try again.")
    return go("/login", notice=text, tone="info") if request.path == "/login" else _say(400, text)


def _refused(error: Refused) -> ResponseReturnValue:
    return _say(409, error.message)


def _cannot_be(error: Exception) -> ResponseReturnValue:
    """Asked for a number or a text that no row can hold."""
    _log.warning("cannot_be", endpoint=request.endpoint, error=type(error).__name__)
    return _say(400)


def _busy(error: sqlite3.OperationalError) -> ResponseReturnValue:
    """Waited in vain to write, for SQLite has one writer and an import writes long."""
    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
        raise error
    _log.warning("database_busy", endpoint=request.endpoint)
    return _say(503)


def _say(code: int, message: str = "") -> ResponseReturnValue:
    end_read()  # What went wrong in the database must not go wrong again while the page is drawn.
    title, text = _words(code)
    if is_machine():
        return make_response({"error": message or f"{title}. {text}"}, code)
    if wants_fragment():
        response = make_response(message or f"{title}. {text}", code)
        response.content_type = "text/plain; charset=utf-8"
        return response
    return make_response(render_template("errors/error.html", code=code, title=title, text=message or text), code)


def _words(code: int) -> tuple[str, str]:
    return {
        403: (_("Not allowed"), _("Your role does not include this. Ask a manager or an admin.")),
        404: (_("Not found"), _("There is nothing at this address. It may have been moved or removed.")),
        405: (_("Not possible"), _("This address cannot be used that way.")),
        413: (_("Too large"), _("The file is larger than this page takes.")),
        429: (_("Too many tries"), _("Wait a few minutes, then try again.")),
        500: (_("Something broke"), _("It is our fault and has been logged. What you entered was not saved.")),
        503: (_("Busy"), _("An import or something as large is being saved. Yours was not: try again in a minute.")),
    }.get(code, (_("That did not work"), _("Go back, reload the page and try again.")))
