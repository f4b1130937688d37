"""Admins decide who signs in, and in which role."""

from __future__ import annotations

import secrets

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import me, only
from wiseops.domain.errors import Refused
from wiseops.domain.users import Role
from wiseops.models import User
from wiseops.queries import users as known
from wiseops.services import users
from wiseops.web.clock import now
from wiseops.web.forms import Form, options
from wiseops.web.htmx import go
from wiseops.web.pages import LANGUAGES

bp = Blueprint("users", __name__, url_prefix="/settings/users")
bp.before_request(only("admin"))

ROLES = [
    (Role.COLLECTOR.value, lazy_gettext("Collector: works accounts")),
    (Role.MANAGER.value, lazy_gettext("Manager: also pauses, acts in bulk, sees reports")),
    (Role.ADMIN.value, lazy_gettext("Admin: also settings, users, live mode")),
]


class NewUserForm(Form):
    """A person to let in."""

    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=200)])
    email = EmailField(lazy_gettext("E-mail"), [InputRequired(), Length(max=254)])
    role = SelectField(lazy_gettext("Role"), choices=options(ROLES))
    locale = SelectField(lazy_gettext("Language, dates and numbers"), choices=options(LANGUAGES.items()))


class UserForm(Form):
    """A person's rights."""

    name = StringField(lazy_gettext("Name"), [InputRequired(), Length(max=200)])
    role = SelectField(lazy_gettext("Role"), choices=options(ROLES))
    active = BooleanField(lazy_gettext("May sign in"))


@bp.get("")
def index() -> ResponseReturnValue:
    return render_template("users/index.html", people=known.everyone())


@bp.get("/new")
def new() -> ResponseReturnValue:
    return render_template("users/new.html", form=NewUserForm())


@bp.post("")
def create() -> ResponseReturnValue:
    form, password = NewUserForm(), secrets.token_urlsafe(12)
    if form.validate():
        try:
            user = users.create(
                form.email.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                locale=form.locale.data,
                password=password,
                now=now(),
                by_id=me().id,
            )
            return render_template("users/password.html", person=user, password=password)
        except Refused as refused:
            form.refuse(refused)
    return render_template("users/new.html", form=form), 422


@bp.get("/<int:user_id>")
def edit(user_id: int) -> ResponseReturnValue:
    user = known.get(user_id)
    return _form(user, UserForm(obj=user))


@bp.post("/<int:user_id>")
def update(user_id: int) -> ResponseReturnValue:
    user, form = known.get(user_id), UserForm()
    if form.validate():
        try:
            name, role, active = form.name.data or "", Role(form.role.data), bool(form.active.data)
            users.update(user_id, name=name, role=role, active=active, now=now(), by_id=me().id)
            return go(url_for("users.index"), notice=gettext("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return _form(user, form, status=422)


@bp.post("/<int:user_id>/password")
def reset_password(user_id: int) -> ResponseReturnValue:
    user, password = known.get(user_id), secrets.token_urlsafe(12)
    users.reset_password(user.id, password=password, now=now(), by_id=me().id)
    return render_template("users/password.html", person=user, password=password)


@bp.post("/<int:user_id>/sessions")
def end_sessions(user_id: int) -> ResponseReturnValue:
    user = users.end_sessions(known.get(user_id).id, now=now(), by_id=me().id)
    return go(url_for("users.edit", user_id=user_id), notice=gettext("%(name)s is signed out.", name=user.name))


def _form(user: User, form: UserForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("users/edit.html", person=user, form=form), status
