"""The Disputes tab: every dispute of an account, and opening, changing and deciding one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import me
from wiseops.domain.attachments import EACH, MIB
from wiseops.domain.errors import NotFound, Refused
from wiseops.domain.money import Money
from wiseops.models import Entry
from wiseops.queries import accounts, entries
from wiseops.queries import disputes as known
from wiseops.security import body_limit
from wiseops.services import disputes, files
from wiseops.web import documents, frames
from wiseops.web.clock import now, today
from wiseops.web.dispute_forms import DisputeForm, RulingForm
from wiseops.web.htmx import done, wants_fragment
from wiseops.web.texts import gettext as _

bp = Blueprint("disputes", __name__, url_prefix="/accounts/<int:account_id>/disputes")
CHANGED = "disputes-changed"
_LARGEST = 64 * MIB


@bp.get("")
def index(account_id: int) -> ResponseReturnValue:
    return frames.tab(account_id, "disputes/_index.html", listed=known.of_account(account_id), today=today())


@bp.get("/new")
def new(account_id: int) -> ResponseReturnValue:
    debits, chosen = _debits(account_id), request.args.get("entry", type=int)
    if not debits:
        return _shown(account_id, "disputes/_nothing.html")
    entry_id = chosen if chosen in {entry.id for entry in debits} else debits[0].id
    return _form(account_id, DisputeForm(debits, formdata=None, data={"entry": entry_id, "owner": str(me().id)}))


@bp.post("")
@body_limit(_LARGEST)
def create(account_id: int) -> ResponseReturnValue:
    form = DisputeForm(_debits(account_id) or _chosen(account_id))
    if form.validate():
        try:
            chosen, token = form.entry.data or 0, form.token.data or ""
            disputes.open(account_id, chosen, form.claim(), token=token, now=now(), by_id=me().id)
            return _done(account_id, _("The dispute is noted."))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, status=422)


@bp.get("/<int:dispute_id>")
def edit(account_id: int, dispute_id: int) -> ResponseReturnValue:
    listed = _listed(account_id, dispute_id)
    return _form(account_id, _filled(listed).opened(), listed)


@bp.post("/<int:dispute_id>")
@body_limit(_LARGEST)
def update(account_id: int, dispute_id: int) -> ResponseReturnValue:
    listed = _listed(account_id, dispute_id)
    form = DisputeForm([listed.entry])
    if form.validate() and form.reconcile(_filled(listed)):
        try:
            token = form.token.data or ""
            disputes.change(account_id, dispute_id, form.claim(), token=token, now=now(), by_id=me().id)
            return _done(account_id, _("The dispute is changed."))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, listed, status=422)


@bp.get("/<int:dispute_id>/decision")
def decision(account_id: int, dispute_id: int) -> ResponseReturnValue:
    listed = _listed(account_id, dispute_id)
    return _decision(account_id, listed, RulingForm(listed, formdata=None))


@bp.post("/<int:dispute_id>/decision")
def decide(account_id: int, dispute_id: int) -> ResponseReturnValue:
    listed = _listed(account_id, dispute_id)
    form = RulingForm(listed)
    if form.validate():
        try:
            disputes.rule(account_id, dispute_id, form.ruling(), now=now(), by_id=me().id)
            return _done(account_id, _("The decision is noted."))
        except Refused as refused:
            form.refuse(refused)
    return _decision(account_id, listed, form, status=422)


@bp.get("/<int:dispute_id>/files/<int:file_id>")
def evidence(account_id: int, dispute_id: int, file_id: int) -> ResponseReturnValue:
    known.get(account_id, dispute_id)
    return documents.sent(files.find(known.file(dispute_id, file_id).id))


def _debits(account_id: int) -> list[Entry]:
    accounts.get(account_id)
    return [entry for entry in entries.still_open(account_id) if entry.open > 0]


def _chosen(account_id: int) -> Sequence[Entry]:
    """What was open while the form was, and is not any more."""
    entry_id = request.form.get("entry", type=int)
    return [entries.get(account_id, entry_id)] if entry_id else []


def _listed(account_id: int, dispute_id: int) -> known.Listed:
    found = (listed for listed in known.of_account(account_id) if listed.dispute.id == dispute_id)
    if (listed := next(found, None)) is None:
        raise NotFound(f"dispute {dispute_id}")
    return listed


def _filled(listed: known.Listed) -> DisputeForm:
    """The form as the dispute is now."""
    dispute = listed.dispute
    said = {
        "entry": dispute.entry_id,
        "amount": None if dispute.is_whole else Money(listed.rests, dispute.currency),
        "ground": dispute.ground,
        "due_on": dispute.due_on,
        "owner": str(dispute.owner_id or ""),
        "notes": dispute.notes,
    }
    return DisputeForm([listed.entry], formdata=None, data=said)


def _done(account_id: int, notice: str) -> ResponseReturnValue:
    to = url_for("disputes.index", account_id=account_id)
    return done("disputes/_done.html", event=CHANGED, to=to, notice=notice)


def _form(
    account_id: int, form: DisputeForm, listed: known.Listed | None = None, *, status: int = 200
) -> ResponseReturnValue:
    return _shown(account_id, "disputes/_form.html", status=status, form=form, listed=listed, largest=EACH // MIB)


def _decision(account_id: int, listed: known.Listed, form: RulingForm, *, status: int = 200) -> ResponseReturnValue:
    return _shown(account_id, "disputes/_decision.html", status=status, form=form, listed=listed)


def _shown(account_id: int, fragment: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Alone where htmx asks, in whatever page that is; else within the account's frame."""
    if wants_fragment():
        return render_template(fragment, on_account=account_id, **context), status
    return frames.tab(account_id, fragment, status=status, on_account=account_id, **context)
