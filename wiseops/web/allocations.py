"""Allocating by hand: chosen, all by age, and undone."""

from __future__ import annotations

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.queries import entries as found
from wiseops.services import allocations
from wiseops.web.clock import now
from wiseops.web.entries import detail
from wiseops.web.entry_forms import AllocationForm
from wiseops.web.htmx import go

bp = Blueprint("allocations", __name__, url_prefix="/accounts/<int:account_id>/ledger")


@bp.post("/<int:entry_id>/allocations")
def create(account_id: int, entry_id: int) -> ResponseReturnValue:
    entry = found.get(account_id, entry_id)
    form = AllocationForm(entry)
    if form.validate():
        other = found.get(account_id, form.other_id.data)
        debit, credit = (entry, other) if entry.amount > 0 else (other, entry)
        minor = form.part.data.minor if form.part.data else None
        try:
            ids = (debit.id, credit.id)
            allocations.allocate(*ids, minor, token=form.token.data or "", now=now(), by_id=me().id)
            return go(url_for("entries.show", account_id=account_id, entry_id=entry_id), notice=_("Allocated."))
        except Refused as refused:
            refused.field = "part"
            form.refuse(refused)
    return detail(account_id, entry_id, status=422, allocation=form)


@bp.post("/allocations")
def create_all(account_id: int) -> ResponseReturnValue:
    count = allocations.allocate_automatically(account_id, now=now(), by_id=me().id)
    notice = ngettext("%(num)s allocation made.", "%(num)s allocations made.", count)
    return go(url_for("entries.index", account_id=account_id), notice=notice, tone="good" if count else "info")


@bp.post("/<int:entry_id>/allocations/<int:allocation_id>/undoing")
def destroy(account_id: int, entry_id: int, allocation_id: int) -> ResponseReturnValue:
    to = url_for("entries.show", account_id=account_id, entry_id=entry_id)
    if allocation_id not in [part.id for part in found.parts(found.get(account_id, entry_id))]:
        abort(404)
    try:
        allocations.undo(allocation_id, now=now(), by_id=me().id)
    except Refused as refused:
        return go(to, notice=refused.message, tone="bad")
    return go(to, notice=_("Undone. Both sides are open again."))
