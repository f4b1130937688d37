"""Documents behind links: opened by whoever has the link, without a login; taken back by us."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import me
from wiseops.domain import documents as rules
from wiseops.domain.errors import NotFound
from wiseops.domain.files import Stored
from wiseops.extensions import limiter
from wiseops.queries import company
from wiseops.services import documents, files
from wiseops.web.clock import now
from wiseops.web.htmx import go
from wiseops.web.texts import gettext as _

bp = Blueprint("documents", __name__)
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@bp.get("/files/<token>")
@limiter.limit("60 per minute")
def show(token: str) -> ResponseReturnValue:
    """The file, to save. Whoever looks, a phone's preview included, changes nothing by it."""
    try:
        file_id = documents.opened(token, now=now())
    except NotFound:
        return _nothing(404)
    return _nothing(410) if file_id is None else sent(files.find(file_id))


@bp.post("/documents/<int:link_id>/revocation")
def revoke(link_id: int) -> ResponseReturnValue:
    account_id = documents.revoke(link_id, now=now(), by_id=me().id)
    to = url_for("activities.index", account_id=account_id)
    return go(to, notice=_("The link opens nothing any more."))


def sent(file: Stored) -> Response:
    """A stored file, to save."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = Response(_parts(app, file.id), headers=HEADERS)
    answer.headers["Content-Type"] = rules.content_type(file.content_type)
    names = rules.file_names(file.name)
    answer.headers.set("Content-Disposition", "attachment", **names)
    answer.content_length = file.size
    return answer


def _parts(app: Flask, file_id: int) -> Iterator[bytes]:
    """Each part in a read of its own: a slow reader holds no transaction open."""
    for number in count():
        with app.app_context():
            content = files.part(file_id, number)
        if content is None:
            return
        yield content


def _nothing(code: int) -> Response:
    """The same words for a link that ended and one that never was."""
    answer = make_response(render_template("documents/nothing.html", company=company.get()), code)
    answer.headers.update({name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"})
    return answer
