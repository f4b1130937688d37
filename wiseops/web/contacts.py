"""Contacts of an account: added, changed and removed on its details tab."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from wiseops.auth import me
from wiseops.domain.contacts import Details
from wiseops.domain.errors import Refused
from wiseops.queries import contacts as found
from wiseops.services import contacts
from wiseops.web import frames
from wiseops.web.clock import now
from wiseops.web.forms import options
from wiseops.web.htmx import go
from wiseops.web.shared_forms import SharedForm

bp = Blueprint("contacts", __name__, url_prefix="/accounts/<int:account_id>/contacts")

ROLES = (
    ("billing", lazy_gettext("Billing")),
    ("dunning", lazy_gettext("Reminders")),
    ("legal", lazy_gettext("Legal")),
)


class ContactForm(SharedForm):
    """A person or address."""

    name = StringField(lazy_gettext("Name"), [Optional(), Length(max=200)])
    email = StringField(lazy_gettext("E-mail"), [Optional(), Length(max=254)])
    phone = StringField(lazy_gettext("Phone"), [Optional(), Length(max=40)])
    roles = SelectMultipleField(
        lazy_gettext("Roles"), choices=options(ROLES), option_widget=CheckboxInput(), widget=ListWidget()
    )
    default_email = BooleanField(lazy_gettext("E-mails go here first"))
    default_sms = BooleanField(lazy_gettext("Text messages go here first"))
    cc = BooleanField(lazy_gettext("Copy in on e-mails"))

    def details(self) -> Details:
        """What was typed, for the service to check."""
        return Details(
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            roles=tuple(self.roles.data or ()),
            default_email=bool(self.default_email.data),
            default_sms=bool(self.default_sms.data),
            cc=bool(self.cc.data),
        )


@bp.get("/new")
def new(account_id: int) -> ResponseReturnValue:
    return _form(account_id, ContactForm(data={"roles": ["billing", "dunning"]}))


@bp.post("")
def create(account_id: int) -> ResponseReturnValue:
    form = ContactForm()
    if form.validate():
        try:
            contacts.create(account_id, form.details(), now=now(), by_id=me().id)
            return go(url_for("accounts.show", account_id=account_id), notice=_("Contact added."))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, status=422)


@bp.get("/<int:contact_id>")
def edit(account_id: int, contact_id: int) -> ResponseReturnValue:
    return _form(account_id, _filled(account_id, contact_id).opened(), contact_id=contact_id)


@bp.post("/<int:contact_id>")
def update(account_id: int, contact_id: int) -> ResponseReturnValue:
    form, is_now = ContactForm(), _filled(account_id, contact_id)
    if form.validate() and form.reconcile(is_now):
        try:
            contacts.update(contact_id, form.details(), now=now(), by_id=me().id)
            return go(url_for("accounts.show", account_id=account_id), notice=_("Saved."))
        except Refused as refused:
            form.refuse(refused)
    return _form(account_id, form, contact_id=contact_id, status=422)


@bp.post("/<int:contact_id>/removal")
def destroy(account_id: int, contact_id: int) -> ResponseReturnValue:
    found.get(account_id, contact_id)
    contacts.remove(contact_id, now=now(), by_id=me().id)
    return go(url_for("accounts.show", account_id=account_id), notice=_("Contact removed."))


def _filled(account_id: int, contact_id: int) -> ContactForm:
    """The form as the contact is now."""
    return ContactForm(obj=found.details(found.get(account_id, contact_id)), formdata=None)


def _form(
    account_id: int, form: ContactForm, *, contact_id: int | None = None, status: int = 200
) -> ResponseReturnValue:
    return frames.tab(account_id, "contacts/_form.html", status=status, form=form, contact_id=contact_id)
