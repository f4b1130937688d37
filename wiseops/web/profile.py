"""What people set about themselves: name, language, password."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from wiseops.auth import me
from wiseops.domain.errors import Refused
from wiseops.services import users
from wiseops.web import sessions
from wiseops.web.clock import now
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go
from wiseops.web.pages import LANGUAGES

bp = Blueprint("profile", __name__, url_prefix="/settings/profile")


class ProfileForm(Form):
    """How I am called, and how I read numbers."""

    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=200)])
    phone = StringField(lazy_gettext("Your phone"), [Optional(), Length(max=40)])
    locale = SelectField(lazy_gettext("Language, dates and numbers"), choices=options(LANGUAGES.items()))


class PasswordForm(Form):
    """Old one first: an open screen is not enough."""

    old = PasswordField(lazy_gettext("Present password"), [InputRequired(), Length(max=200)])
    password = PasswordField(lazy_gettext("New password"), [InputRequired(), Length(max=200)])
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("password", lazy_gettext("The two are not the same."))],
    )


@bp.get("")
def edit() -> ResponseReturnValue:
    return _page(ProfileForm(obj=me()), PasswordForm())


@bp.post("")
def update() -> ResponseReturnValue:
    form = ProfileForm()
    if form.validate():
        try:
            mine = {"name": form.name.data or "", "locale": form.locale.data, "phone": form.phone.data or ""}
            users.set_profile(me().id, **mine)
            return go("/settings/profile", notice=gettext("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, PasswordForm(formdata=None), status=422)


@bp.post("/password")
def update_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate():
        try:
            user = users.change_password(me().id, old=form.old.data or "", new=form.password.data or "", now=now())
            sessions.begin(user)
            return go("/settings/profile", notice=gettext("Password changed. Other devices are signed out."))
        except Refused as refused:
            form.refuse(refused)
    return _page(ProfileForm(formdata=None, obj=me()), form, status=422)


def _page(form: ProfileForm, password: PasswordForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("profile/edit.html", form=form, password=password), status
