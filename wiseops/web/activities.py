"""What happened at an account, what is to do, and its messages."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from wiseops.queries import events
from wiseops.web import frames

bp = Blueprint("activities", __name__, url_prefix="/accounts/<int:account_id>")

PAGE = 50


@bp.get("/collections")
def index(account_id: int) -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, int))
    happened = events.of_account(account_id, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return frames.tab(
        account_id, "activities/_index.html",
        tasks=events.open_tasks(account_id), happened=happened[:PAGE], page_number=page, has_more=len(happened) > PAGE,
    )  # fmt: skip


@bp.get("/messages")
def messages(account_id: int) -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, int))
    found = events.messages(account_id, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return frames.tab(
        account_id, "activities/_messages.html", messages=found[:PAGE], page_number=page, has_more=len(found) > PAGE
    )
