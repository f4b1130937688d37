"""A debtor ends our e-mails to one address: a page with a button, and the one click of a mail program (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from wiseops.extensions import csrf, limiter
from wiseops.queries import company
from wiseops.services import unsubscriptions
from wiseops.web.clock import now

bp = Blueprint("unsubscriptions", __name__, url_prefix="/unsubscribe")
csrf.exempt(bp)


@bp.get("/<token>")
@limiter.limit("60 per minute")
def new(token: str) -> ResponseReturnValue:
    address = unsubscriptions.address_of(token)
    return render_template("unsubscriptions/new.html", address=address, token=token, company=company.get())


@bp.post("/<token>")
@limiter.limit("60 per minute")
def create(token: str) -> ResponseReturnValue:
    unsubscriptions.make(token, now=now())
    address = unsubscriptions.address_of(token)
    return render_template("unsubscriptions/made.html", address=address, company=company.get())
