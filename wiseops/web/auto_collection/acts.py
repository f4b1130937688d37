"""What a person does to ticked accounts, or to all that match: count and sum first, then it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import may, me
from wiseops.domain.errors import NotFound
from wiseops.queries import accounts, automation
from wiseops.queries.auto_collection import rows
from wiseops.queries.auto_collection.rows import Wanted
from wiseops.services import batches
from wiseops.services.batches import Batch
from wiseops.web.auto_collection import act_list, asked, lines
from wiseops.web.auto_collection.act_list import Act
from wiseops.web.clock import now, today
from wiseops.web.htmx import done, go, show, wants_fragment
from wiseops.web.texts import ngettext

bp = Blueprint("acts", __name__, url_prefix="/auto-collection")

SECONDS = 3.0
"""A request works this long; what is left goes with the next one, which the browser asks for by itself."""
PIECE = 500
EVERY = 10**9


@bp.app_template_global("acts_of")
def acts_of(stage: str) -> list[Act]:
    """The acts of a tab, in the order of their buttons."""
    return act_list.offered(stage)


@bp.get("/accounts/<int:account_id>")
def account(account_id: int) -> ResponseReturnValue:
    """One account: every reason with its day, and what can be done."""
    row = accounts.get(account_id)
    (found,) = rows.page(Wanted(row.stage, ids=frozenset([account_id])))
    (line,) = lines.draw([found], automation.rules(), today())
    return show(
        "auto_collection/account.html", "auto_collection/_account.html",
        line=line, stage=row.stage, acts=_offered(row.stage, row.held), link=asked.link,
    )  # fmt: skip


@bp.get("/acts/<code>")
def new(code: str) -> ResponseReturnValue:
    act, wanted, total = _asked(code, request.args)
    return _confirm(act, wanted, total, act.form())


@bp.post("/acts/<code>")
def create(code: str) -> ResponseReturnValue:
    act, wanted, total = _asked(code, request.form)
    form, before = act.form(), _before()
    if not form.validate():
        return _confirm(act, wanted, total, form, status=422)
    batch = _work(act, wanted, form, before.last)
    everything = Batch(before.done + batch.done, before.refused + batch.refused, None, batch.last)
    if not batch.is_finished:
        return _working(act, wanted, request.form.get("of", total, int), everything)
    if not everything.done and everything.refused:
        _tell(form, batch)
        return _confirm(act, wanted, total, form, status=422)
    return _finished(act, everything)


def _asked(code: str, args: Any) -> tuple[Act, Wanted, int]:
    """The act and its accounts. More than one account is for managers."""
    act = act_list.get(code)
    if act is None:
        raise NotFound(f"act {code}")
    wanted = asked.wanted(args)
    if not args.get("all"):
        picked = frozenset(int(key) for key in args.getlist("id") if key.isdecimal() and len(key) < 18)
        wanted = Wanted(wanted.stage, ids=picked)
    total = rows.count(wanted, most=EVERY)
    if (total > 1 or args.get("all")) and not may("manager"):
        abort(403)
    return act, wanted, total


def _confirm(act: Act, wanted: Wanted, total: int, form: Any, *, status: int = 200) -> ResponseReturnValue:
    picked: Sequence[rows.Row] = rows.page(wanted, limit=4) if total <= 3 else ()
    return show(
        "auto_collection/act.html", "auto_collection/_act.html",
        act=act, wanted=wanted, total=total, owed=rows.owed(wanted), picked=picked, form=form, fields=_fields(wanted),
        back=_back(), status=status,
    )  # fmt: skip


def _work(act: Act, wanted: Wanted, form: Any, after: int) -> Batch:
    ids = rows.ids(wanted, after=after, limit=PIECE)
    batch = batches.run(ids, lambda key: act.does(key, form, now(), me().id), now=now(), seconds=SECONDS)
    batch.is_finished = batch.is_finished and len(ids) < PIECE
    return batch


def _working(act: Act, wanted: Wanted, total: int, batch: Batch) -> ResponseReturnValue:
    return show(
        "auto_collection/working.html", "auto_collection/_working.html",
        act=act, total=total, batch=batch, fields=_fields(wanted), typed=_typed(act),
    )  # fmt: skip


def _finished(act: Act, batch: Batch) -> ResponseReturnValue:
    text = ngettext("%(num)s account %(done)s.", "%(num)s accounts %(done)s.", batch.done, done=act.done)
    if not batch.refused:
        return done("auto_collection/_done.html", event="accounts-changed", to=_back(), notice=text, batch=batch)
    if not wants_fragment():
        left = sum(batch.refused.values())
        words = ngettext("%(num)s was left as it was.", "%(num)s were left as they were.", left)
        return go(_back(), notice=f"{text} {words}", tone="warn")
    return done("auto_collection/_done.html", event="accounts-changed", to=_back(), batch=batch, text=text)


def _tell(form: Any, batch: Batch) -> None:
    """Nothing was done: the form says why, on its field where the rule names one."""
    for message in batch.refused:
        field = form._fields.get(batch.field or "")
        if field is None:
            form.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]


def _before() -> Batch:
    """What earlier requests of the same act came to."""
    refused = zip(request.form.getlist("refusal"), request.form.getlist("refusals", int), strict=False)
    return Batch(request.form.get("done", 0, int), Counter(dict(refused)), None, request.form.get("last", 0, int))


def _fields(wanted: Wanted) -> list[tuple[str, Any]]:
    """The selection, for the form to carry on."""
    args = request.values
    if wanted.ids is not None:
        origin = [("from", "account")] if args.get("from") == "account" else []
        return [*origin, ("stage", wanted.stage), *(("id", key) for key in sorted(wanted.ids))]
    return [("stage", wanted.stage), ("all", "1"), *((name, args[name]) for name in asked.NARROWING if args.get(name))]


def _typed(act: Act) -> list[tuple[str, str]]:
    return [
        (name, value) for name in act.form()._fields if name != "csrf_token" for value in request.form.getlist(name)
    ]


def _back() -> str:
    if request.values.get("from") == "account" and (account_id := request.values.get("id", type=int)):
        return url_for("accounts.show", account_id=account_id)
    kept: dict[str, Any] = {
        name: request.values[name] for name in ("stage", *asked.NARROWING, "sort") if request.values.get(name)
    }
    return url_for("auto_collection.index", **kept)


def _offered(stage: str, held: str | None) -> list[Act]:
    return [act for act in act_list.offered(stage) if act.code != "release" or held == "hold"]
