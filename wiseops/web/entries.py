"""The ledger tab: entries with a running balance, recorded, corrected and reversed in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from wiseops.auth import may, me
from wiseops.domain.entries import Kind, lets_off
from wiseops.domain.errors import Refused
from wiseops.domain.money import Money
from wiseops.models import Entry
from wiseops.queries import accounts, company, disputes
from wiseops.queries import entries as found
from wiseops.services import entries
from wiseops.web import frames
from wiseops.web.clock import now, today
from wiseops.web.entry_forms import AllocationForm, CorrectionForm, EntryForm, ReversalForm
from wiseops.web.exports import csv_response
from wiseops.web.htmx import go, wants_fragment
from wiseops.web.labels import ENTRY_KINDS as KINDS

bp = Blueprint("entries", __name__, url_prefix="/accounts/<int:account_id>/ledger")

PAGE = 50


@bp.get("")
def index(account_id: int) -> ResponseReturnValue:
    page, only_open = max(1, request.args.get("page", 1, int)), "open" in request.args
    currencies = found.currencies(account_id) or [company.get().currency]
    currency = request.args.get("currency", "")
    currency = currency if currency in currencies else currencies[0]
    total = found.count(account_id, currency, only_open=only_open)
    start = (page - 1) * PAGE
    lines = found.lines(account_id, currency, only_open=only_open, offset=start, limit=PAGE)
    return frames.tab(
        account_id, "entries/_ledger.html",
        lines=lines, currencies=currencies, currency=currency, only_open=only_open, total=total, start=start,
        page_number=page, pages=-(-total // PAGE), kinds=KINDS, today=today(), may_kind=_may,
        has_credit=any(entry.open < 0 for entry in found.still_open(account_id)),
    )  # fmt: skip


@bp.get("/export.csv")
def export(account_id: int) -> ResponseReturnValue:
    account = accounts.get(account_id)
    header = (
        "account", "kind", "number", "issued_on", "due_on", "currency", "amount", "open", "balance",
        "payment_reference", "note",
    )  # fmt: skip
    return csv_response(f"ledger-{account_id}", header, _rows(account.id, account.number))


@bp.get("/new")
def new(account_id: int) -> ResponseReturnValue:
    kind = _kind(request.args.get("kind", "payment"))
    return _form(account_id, kind, EntryForm(account_id, kind, data={"issued_on": today()} | _upheld(account_id)))


@bp.post("/new")
def create(account_id: int) -> ResponseReturnValue:
    kind = _kind(request.args.get("kind", "payment"))
    form = EntryForm(account_id, kind)
    if form.validate():
        try:
            if not _may(kind, form.amount.data.minor):
                raise Refused(_("Only a manager adjusts a debt downwards."), "amount")
            entries.record(account_id, kind=kind, **form.columns(), now=now(), by_id=me().id)
            to = url_for("entries.index", account_id=account_id, currency=form.amount.data.currency)
            return go(to, notice=_("%(kind)s recorded.", kind=KINDS[kind]))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, kind, form, status=422)


@bp.get("/<int:entry_id>")
def show(account_id: int, entry_id: int) -> ResponseReturnValue:
    return detail(account_id, entry_id)


@bp.post("/<int:entry_id>")
def update(account_id: int, entry_id: int) -> ResponseReturnValue:
    entry = found.get(account_id, entry_id)
    form = CorrectionForm(entry.currency)
    if form.validate():
        try:
            entries.update(entry_id, **form.columns(), now=now(), by_id=me().id)
            return go(url_for("entries.show", account_id=account_id, entry_id=entry_id), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return detail(account_id, entry_id, status=422, correction=form)


@bp.post("/<int:entry_id>/reversal")
def reverse(account_id: int, entry_id: int) -> ResponseReturnValue:
    entry, form = found.get(account_id, entry_id), ReversalForm()
    if not _may_reverse(entry):
        abort(403)
    if form.validate() and form.on.data:
        try:
            entries.reverse(entry_id, on=form.on.data, now=now(), by_id=me().id)
            to = url_for("entries.show", account_id=account_id, entry_id=entry_id)
            return go(to, notice=_("Reversed. What it was allocated to is open again."))
        except Refused as refused:
            form.refuse(refused)
    return detail(account_id, entry_id, status=422, reversal=form)


def detail(account_id: int, entry_id: int, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """One entry: what it says, what it is allocated to, and what can be done to it."""
    entry = found.get(account_id, entry_id)
    forms.setdefault("correction", CorrectionForm(entry.currency, formdata=None, data=CorrectionForm.of(entry)))
    forms.setdefault("reversal", ReversalForm(formdata=None, data={"on": today()}))
    forms.setdefault("allocation", AllocationForm(entry, formdata=None))
    return frames.tab(
        account_id, "entries/_entry.html", status=status,
        entry=entry, parts=found.parts(entry), reversed_by=found.reversal_of(entry_id), kinds=KINDS,
        may_reverse=_may_reverse(entry), **forms,
    )  # fmt: skip


def _form(account_id: int, kind: str, form: EntryForm, *, status: int = 200) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "kind": kind, "kinds": KINDS, "on_account": account_id}
    if wants_fragment():
        return render_template("entries/_new.html", **context), status
    return frames.tab(account_id, "entries/_new.html", status=status, **context)


def _upheld(account_id: int) -> dict[str, Any]:
    """What the credit note of an upheld dispute has to say."""
    wanted = request.args.get("dispute", type=int)
    for row in disputes.of_account(account_id, resting=True) if wanted else ():
        if row.dispute.id == wanted:
            amount = Money(row.rests, row.dispute.currency)
            return {"amount": amount, "currency": amount.currency, "allocate_to": row.entry.number}
    return {}


def _kind(kind: str) -> str:
    if kind not in KINDS:
        abort(404)
    if not _may(kind):
        abort(403)
    return kind


def _may(kind: str, minor: int = 0) -> bool:
    return not lets_off(kind, minor) or may("manager")


def _may_reverse(entry: Entry) -> bool:
    """Taking a debt back lets off as much as adjusting it downwards; a letting-off is a manager's to undo as well."""
    return _may(Kind.ADJUSTMENT, -entry.amount) and _may(entry.kind, entry.amount)


def _rows(account_id: int, number: str) -> Iterator[tuple[Any, ...]]:
    for currency in found.currencies(account_id):
        for line in reversed(found.lines(account_id, currency, limit=None)):
            entry = line.entry
            sums = [Money(minor, currency).amount for minor in (entry.amount, entry.open, line.balance)]
            dates = (entry.issued_on.isoformat(), entry.due_on.isoformat())
            yield (number, entry.kind, entry.number, *dates, currency, *sums, entry.payment_reference, entry.note)
