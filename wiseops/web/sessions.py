"""Signing in and out."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast

from flask import Blueprint, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from wiseops.auth import SESSION, me
from wiseops.domain.errors import Refused
from wiseops.extensions import limiter
from wiseops.models import User
from wiseops.queries import users as known
from wiseops.security import local_path
from wiseops.services import users
from wiseops.web.clock import now
from wiseops.web.forms import Form
from wiseops.web.htmx import go

bp = Blueprint("sessions", __name__)


class LoginForm(Form):
    """One answer for a wrong address and for a wrong password."""

    email = StringField(lazy_gettext("E-mail"), [InputRequired(), Length(max=254)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=200)])
    next = HiddenField()


def _failed(response: Response) -> bool:
    return response.status_code == 422


def _account() -> str:
    email = request.form.get("email", "").strip().lower()
    return hashlib.sha256(email.encode()).hexdigest()


@bp.get("/login")
def new() -> ResponseReturnValue:
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or "/")
    return render_template("sessions/new.html", form=LoginForm(data={"next": target or ""}))


@bp.post("/login")
@limiter.limit("30 per minute; 200 per hour", key_func=get_remote_address, deduct_when=_failed)
@limiter.limit("5 per minute; 30 per hour", key_func=_account, deduct_when=_failed)
def create() -> ResponseReturnValue:
    form = LoginForm()
    user = known.by_email(form.email.data or "") if form.validate() else None
    if form.errors or not users.verify(user, form.password.data or ""):
        form.refuse(Refused(gettext("E-mail or password is not right.")))
        return render_template("sessions/new.html", form=form), 422
    begin(cast(User, user))
    return go(local_path(form.next.data) or "/")


@bp.post("/logout")
def destroy() -> ResponseReturnValue:
    if SESSION in session:
        users.end_session(me().id, session[SESSION])
    logout_user()
    session.clear()
    return go("/login", notice=gettext("You are signed out."), tone="info")


@bp.post("/logout/everywhere")
def destroy_all() -> ResponseReturnValue:
    users.end_sessions(me().id, now=now(), by_id=me().id)
    session.clear()
    return go("/login", notice=gettext("You are signed out on every device."), tone="info")


def begin(user: User) -> None:
    """A fresh session for this user: nothing of the old one is kept."""
    session.clear()
    login_user(user)
    session[SESSION] = secrets.token_hex(8)
    session.permanent = True
