"""The company's logo, for whoever is signed in."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from wiseops.queries import company
from wiseops.services import files

bp = Blueprint("logos", __name__)


@bp.get("/logo")
def show() -> ResponseReturnValue:
    logo_id = company.get().logo_id
    if logo_id is None:
        abort(404)
    return Response(b"".join(files.read(logo_id)), content_type=files.find(logo_id).content_type)
