"""Admins set who the creditor is and how it works."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField

from wiseops.auth import me, only
from wiseops.domain.errors import Refused
from wiseops.queries import company as known
from wiseops.services import company
from wiseops.web.clock import now
from wiseops.web.company_form import CompanyForm
from wiseops.web.forms import Form
from wiseops.web.htmx import go

bp = Blueprint("company", __name__, url_prefix="/settings/company")
bp.before_request(only("admin"))


class LogoForm(Form):
    """One picture."""

    logo = FileField(lazy_gettext("Picture"))


@bp.get("")
def edit() -> ResponseReturnValue:
    return _page(CompanyForm.of(known.get()), LogoForm())


@bp.post("")
def update() -> ResponseReturnValue:
    form = CompanyForm()
    if form.validate():
        try:
            company.update(form.details(), now=now(), by_id=me().id)
            return go(url_for("company.edit"), notice=gettext("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, LogoForm(formdata=None), status=422)


@bp.post("/logo")
def update_logo() -> ResponseReturnValue:
    form = LogoForm()
    given = form.logo.data
    try:
        if not given:
            raise Refused(gettext("Choose a picture first."), "logo")
        content = given.stream.read(company.LARGEST_LOGO + 1)
        company.set_logo(content, name=given.filename or "logo", now=now(), by_id=me().id)
        return go(url_for("company.edit"), notice=gettext("Saved."))
    except Refused as refused:
        form.refuse(refused)
    return _page(CompanyForm.of(known.get()), form, status=422)


@bp.post("/logo/removal")
def destroy_logo() -> ResponseReturnValue:
    company.remove_logo(now=now(), by_id=me().id)
    return go(url_for("company.edit"), notice=gettext("Removed."))


def _page(form: CompanyForm, logo_form: LogoForm, *, status: int = 200) -> ResponseReturnValue:
    has_logo = known.get().logo_id is not None
    return render_template("company/edit.html", form=form, logo=logo_form, has_logo=has_logo), status
