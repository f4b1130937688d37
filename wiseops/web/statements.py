"""The statement of an account: what is open, how old it is, and how to pay; made to be printed."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from wiseops.queries import accounts, company, entries
from wiseops.web.clock import today
from wiseops.web.labels import ENTRY_KINDS as KINDS

bp = Blueprint("statements", __name__, url_prefix="/accounts/<int:account_id>/statement")


@bp.get("")
def show(account_id: int) -> ResponseReturnValue:
    still_open = entries.still_open(account_id)
    standings = entries.standings(still_open, today())
    lines = {standing.currency: [e for e in still_open if e.currency == standing.currency] for standing in standings}
    return render_template(
        "statements/show.html",
        account=accounts.get(account_id), company=company.get(), standings=standings, lines=lines, today=today(),
        kinds=KINDS,
    )  # fmt: skip
