"""The start page: the first place there is."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

bp = Blueprint("home", __name__)
FIRST = ("worklist.index", "auto_collection.index", "settings.index")


@bp.get("/")
def index() -> ResponseReturnValue:
    return redirect(url_for(next(endpoint for endpoint in FIRST if endpoint in current_app.view_functions)))
