"""The Promise to Pay tab: every promise of an account, and taking, replacing and cancelling one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.models import Promise
from wiseops.queries import accounts, company, snapshots
from wiseops.queries import promises as known
from wiseops.services import promises
from wiseops.web import frames
from wiseops.web.clock import now, today
from wiseops.web.forms import Form
from wiseops.web.htmx import done, wants_fragment
from wiseops.web.promise_forms import EVERY_DAYS, Offer, PromiseForm, build

bp = Blueprint("promises", __name__, url_prefix="/accounts/<int:account_id>/promises")
CHANGED = "promises-changed"


class CancellationForm(Form):
    """Why a promise holds no more."""

    reason = StringField(_l("Why is it cancelled?"), [InputRequired(), Length(max=200)])


@bp.get("")
def index(account_id: int) -> ResponseReturnValue:
    return frames.tab(account_id, "promises/_index.html", listed=known.of_account(account_id), today=today())


@bp.get("/new")
@bp.post("/new")
def new(account_id: int) -> ResponseReturnValue:
    """The form with a proposal, for what was chosen in it so far: that may be more than an address can hold."""
    asked = request.values
    old = _old(account_id, asked.get("replaces", ""))
    offer = _offer(account_id, old)
    if not offer.codes:
        return _shown(account_id, "promises/_nothing.html", open_ones=_open_ones(account_id))
    given = asked if "over" in asked else None
    start = {"assignee": str(me().id), "count": 1, "every": EVERY_DAYS, "replaces": str(old.id) if old else ""}
    form = build(offer, given, lines=asked.get("count", 1, int), **start)
    form.propose(offer, today())
    return _form(account_id, form, offer, old)


@bp.post("")
def create(account_id: int) -> ResponseReturnValue:
    old = _old(account_id, request.form.get("replaces", ""))
    offer = _offer(account_id, old, typed=request.form)
    if not offer.codes:
        return _shown(account_id, "promises/_nothing.html", status=422, open_ones=_open_ones(account_id))
    form = build(offer, request.form, lines=request.form.get("rows", 1, int))
    if form.validate():
        try:
            token = form.token.data or ""
            drafts, making = form.drafts(offer), form.making()
            promises.make(account_id, drafts, making, token=token, now=now(), by_id=me().id)
            to = url_for("promises.index", account_id=account_id)
            return done("promises/_made.html", event=CHANGED, to=to, notice=_("The promise is noted."))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, offer, old, status=422)


@bp.get("/<int:promise_id>/cancellation")
def cancellation(account_id: int, promise_id: int) -> ResponseReturnValue:
    return _cancellation(account_id, promise_id, CancellationForm(formdata=None))


@bp.post("/<int:promise_id>/cancellation")
def cancel(account_id: int, promise_id: int) -> ResponseReturnValue:
    form = CancellationForm()
    if form.validate():
        try:
            promises.cancel(account_id, promise_id, reason=form.reason.data or "", now=now(), by_id=me().id)
            to = url_for("promises.index", account_id=account_id)
            return done("promises/_made.html", event=CHANGED, to=to, notice=_("The promise is cancelled."))
        except Refused as refused:
            form.refuse(refused)
    return _cancellation(account_id, promise_id, form, status=422)


def _old(account_id: int, replaces: str) -> Promise | None:
    return known.get(account_id, int(replaces)) if replaces.isdecimal() else None


def _offer(account_id: int, old: Promise | None, *, typed: Any = None) -> Offer:
    accounts.get(account_id)
    without, only = (old.id, old.currency) if old else (None, None)
    others = [promise for promise in known.open_of([account_id]).get(account_id, ()) if promise.id != without]
    book = snapshots.book(account_id, today(), without=without)
    return Offer.of(book, taken={promise.currency for promise in others}, only=only, typed=typed)


def _form(
    account_id: int, form: PromiseForm, offer: Offer, old: Promise | None, *, status: int = 200
) -> ResponseReturnValue:
    longest = company.get().promise_longest_days
    totals = [(code, offer.total(code, form.chosen)) for code in form.codes]
    context = {"form": form, "offer": offer, "old": old, "totals": totals, "longest": longest}
    context |= {"open_ones": _open_ones(account_id), "is_fresh": "over" not in request.values}
    return _shown(account_id, "promises/_new.html", status=status, **context)


def _open_ones(account_id: int) -> list[known.Listed]:
    return [listed for listed in known.of_account(account_id) if listed.promise.status == "open"]


def _cancellation(
    account_id: int, promise_id: int, form: CancellationForm, *, status: int = 200
) -> ResponseReturnValue:
    promise = known.get(account_id, promise_id)
    return _shown(account_id, "promises/_cancellation.html", status=status, form=form, promise=promise)


def _shown(account_id: int, fragment: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Alone where htmx asks, in whatever page that is; else within the account's frame."""
    if wants_fragment():
        return render_template(fragment, on_account=account_id, **context), status
    return frames.tab(account_id, fragment, status=status, on_account=account_id, **context)
