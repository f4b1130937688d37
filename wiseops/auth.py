"""Who is asking, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from wiseops.domain.users import Role, includes
from wiseops.extensions import login_manager
from wiseops.models import User
from wiseops.queries import users
from wiseops.security import is_machine, local_path

P = ParamSpec("P")
R = TypeVar("R")

SESSION = "session"
"""Under this a session keeps its own id, by which it can be ended alone."""
PUBLIC = {
    "documents.show",
    "health.alive",
    "health.metrics",
    "health.ready",
    "static",
    "sessions.new",
    "sessions.create",
    "unsubscriptions.new",
    "unsubscriptions.create",
    "webhooks.email_events",
    "webhooks.email_inbound",
    "webhooks.vonage_inbound",
    "webhooks.vonage_status",
    "webhooks.vonage_voice_event",
}
"""Endpoints that need no login; everything else does."""


def register(app: Flask) -> None:
    """Puts the gate before every request. Call it before CSRF, so that an ended session says so."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(_signed_in)
    app.before_request(_gate)
    app.jinja_env.globals["may"] = may


def me() -> User:
    """The signed-in user."""
    return cast(User, current_user._get_current_object())


def may(role: str) -> bool:
    """Whether the signed-in user's role includes `role`."""
    return bool(current_user.is_authenticated) and includes(current_user.role, Role(role))


def requires(role: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view for this role and those that include it; 403 for others."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not may(role):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate


def only(role: str) -> Callable[[], None]:
    """The same for a whole blueprint: `bp.before_request(only("admin"))`."""
    return requires(role)(lambda: None)


def sign_in_first() -> ResponseReturnValue:
    """To the login page and back; htmx is told to leave the whole page."""
    is_htmx = request.headers.get("HX-Request") == "true"
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    if is_htmx:
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        wanted = current.path + ("?" + current.query if current.query else "")
    target = local_path(wanted)
    login = "/login" + ("?" + urlencode({"next": target}) if target and target != "/" else "")
    if is_htmx:
        return make_response("", 401, {"HX-Redirect": login})
    return redirect(login, code=303)


def _signed_in(key: str) -> User | None:
    user = users.by_session(key)
    return None if user is None or session.get(SESSION) in user.ended_sessions else user


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in PUBLIC or current_user.is_authenticated:
        return None
    if is_machine():
        abort(401)
    return sign_in_first()
