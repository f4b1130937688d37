"""Admins decide which accounts are chased, by which steps."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from wiseops.auth import me, only, requires
from wiseops.domain.errors import Refused
from wiseops.domain.plans import Conditions, Plan
from wiseops.queries import matching
from wiseops.queries import plans as known
from wiseops.services import plans
from wiseops.web import condition_forms as conditions
from wiseops.web.clock import now, today
from wiseops.web.condition_forms import ConditionsForm
from wiseops.web.htmx import go, show
from wiseops.web.plan_forms import CHANNELS, WEEKDAYS, PlanForm, changed, typed
from wiseops.web.texts import gettext as _

bp = Blueprint("plans", __name__, url_prefix="/settings/plans")
bp.before_request(only("manager"))
_NEW = Plan(0, "", 50, Conditions(days_overdue=1), (), stop_below={"*": "5.00"})


@bp.app_template_filter("conditions")
def _conditions(value: Conditions) -> str:
    return conditions.described(value)


@bp.app_template_filter("channels")
def _channels(value: tuple[str, ...]) -> str:
    return str(CHANNELS.get(",".join(value), ", ".join(value)))


@bp.get("")
def index() -> ResponseReturnValue:
    found = known.everything().values()
    return render_template("plans/index.html", plans=found, versions=known.versions())


@bp.get("/<int:plan_id>/matching")
def count(plan_id: int) -> ResponseReturnValue:
    return render_template("plans/_count.html", count=matching.count(known.get(plan_id).conditions, today()))


@bp.post("/matching")
def count_typed() -> ResponseReturnValue:
    form = ConditionsForm()
    form.validate()
    return conditions.counted(form)


@bp.get("/new")
@requires("admin")
def new() -> ResponseReturnValue:
    form, _focus = changed(PlanForm(formdata=None, data=typed(_NEW)), "add")
    return _form(None, form)


@bp.get("/<int:plan_id>")
def edit(plan_id: int) -> ResponseReturnValue:
    return _form(plan_id, PlanForm(formdata=None, data=typed(known.get(plan_id))))


@bp.post("/steps")
@requires("admin")
def steps() -> ResponseReturnValue:
    """Redraws the steps after a button beside them; nothing is saved."""
    form, focus = changed(PlanForm(), request.form.get("change", ""))
    return _form(request.args.get("plan", type=int), form, focus=focus)


@bp.post("")
@requires("admin")
def create() -> ResponseReturnValue:
    return _save(None)


@bp.post("/<int:plan_id>")
@requires("admin")
def update(plan_id: int) -> ResponseReturnValue:
    known.row(plan_id)
    return _save(plan_id)


@bp.post("/<int:plan_id>/deletion")
@requires("admin")
def delete(plan_id: int) -> ResponseReturnValue:
    is_gone = plans.remove(plan_id, now=now(), by_id=me().id)
    notice = _("The plan is deleted.") if is_gone else _("The plan has been used: it is switched off and stays here.")
    return go(url_for("plans.index"), notice=notice)


def _save(plan_id: int | None) -> ResponseReturnValue:
    form = PlanForm()
    if form.validate():
        try:
            if plan_id is None:
                plan_id = plans.create(form.plan(), now=now(), by_id=me().id)
            else:
                plans.update(plan_id, form.plan(), now=now(), by_id=me().id)
            return go(url_for("plans.index"), notice=_("Saved. It counts from the next step on."))
        except Refused as refused:
            form.refuse(refused)
    return _form(plan_id, form, status=422)


def _form(plan_id: int | None, form: PlanForm, *, focus: str = "", status: int = 200) -> ResponseReturnValue:
    row = None if plan_id is None else known.row(plan_id)
    return show(
        "plans/edit.html", "plans/_steps.html", status=status, form=form, row=row, focus=focus, weekdays=WEEKDAYS
    )
