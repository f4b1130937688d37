"""Response headers, sizes, proxies, and redirects that stay here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.middleware.proxy_fix import ProxyFix

from wiseops.config import Config

MIB = 1024 * 1024
MACHINES = ("/api/", "/webhooks/")
V = TypeVar("V", bound=Callable[..., object])
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Sessions(SecureCookieSessionInterface):
    """The session is its cookie, and the answer that comes last has the last word: what a page asks for beside writes
    none unless it changed something, or a notice would be lost, and whoever signed out would be signed in again."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        is_beside = request.headers.get("HX-Request") == "true" and not session.modified
        return not is_beside and super().should_set_cookie(app, session)


def register(app: Flask, config: Config) -> None:
    """Cookie flags, size limits, headers, and as many proxies as we were told to trust."""
    is_https = config.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-wiseops" if is_https else "wiseops",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=12 * 3600,
        MAX_CONTENT_LENGTH=4 * MIB,
        MAX_FORM_MEMORY_SIZE=4 * MIB,
    )
    app.session_interface = Sessions()
    app.before_request(_refuse_nul)
    app.before_request(_limit_body)
    app.after_request(_protect)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def body_limit(size: int | Callable[[Config], int]) -> Callable[[V], V]:
    """Lets one view take a larger body than the rest: `@body_limit(64 * MIB)` right above the function."""

    def mark(view: V) -> V:
        view.body_limit = size  # type: ignore[attr-defined]
        return view

    return mark


def is_machine() -> bool:
    """Whether a program asks, not a person: it is answered in JSON and never sent to a login."""
    return request.path.startswith(MACHINES)


def local_path(target: str | None) -> str | None:
    """The target if it is a path on this site, else None: never a way out."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return None
    if any(ord(character) < 33 or character == "\\" for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _refuse_nul() -> None:
    """No address has one, and PostgreSQL keeps none."""
    if "\x00" in request.path or "%00" in request.query_string.decode("latin-1"):
        abort(400)


def _limit_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(view, "body_limit", None)
    if limit is not None:
        request.max_content_length = limit(current_app.extensions["wiseops"]) if callable(limit) else limit


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        is_versioned = "v" in request.args or request.path.startswith("/static/vendor/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_versioned else "no-cache"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("HX-Request")
    return response
