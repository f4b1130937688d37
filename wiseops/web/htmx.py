"""One view, two readers: a full page, or the fragment htmx asked for."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import make_response as htmx_response
from htmx_flask import request


def wants_fragment() -> bool:
    """True when htmx swaps part of a page; a boosted or restored one is read whole."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def show(page: str, fragment: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """The page, or only its fragment where htmx asks."""
    return make_response(render_template(fragment if wants_fragment() else page, **context), status)


def done(
    fragment: str, *, event: str, to: str, notice: str | None = None, tone: str = "good", **context: Any
) -> ResponseReturnValue:
    """After a write: the fragment with `event` (past tense, kebab) for whoever listens, or a redirect to `to`."""
    if not wants_fragment():
        return go(to, notice=notice, tone=tone)
    trigger: dict[str, Any] = {event: True}
    if notice:
        trigger["notice"] = {"text": notice, "tone": tone}
    return htmx_response(render_template(fragment, **context), trigger=trigger)  # type: ignore[no-any-return]


def go(to: str, *, notice: str | None = None, tone: str = "good") -> ResponseReturnValue:
    """Leaves for another page, with a notice shown there."""
    if notice:
        flash(notice, tone)
    if wants_fragment():
        return htmx_response("", redirect=to)  # type: ignore[no-any-return]
    return redirect(to, code=303)
