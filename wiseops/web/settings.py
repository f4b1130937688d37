"""The settings index: what an admin can set, and where."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from wiseops.auth import may
from wiseops.domain.users import Role

bp = Blueprint("settings", __name__, url_prefix="/settings")

COLLECTOR, MANAGER, ADMIN = Role
PLACES = (
    ("company.edit", ADMIN, _("Company"), _("Creditor name, address, logo, how to pay, senders."), "building-2"),
    ("users.index", ADMIN, _("Users"), _("Who signs in, and in which role."), "users"),
    ("plans.index", MANAGER, _("Plans"), _("Which accounts are chased, in which steps."), "workflow"),
    ("templates.index", MANAGER, _("Templates"), _("The texts of messages, per channel and language."), "file-text"),
    ("sending.edit", MANAGER, _("Sending"), _("Trial or live, limits, pace, and the stop of everything."), "mail"),
    ("exclusions.index", MANAGER, _("Exclusions"), _("Accounts that automation leaves alone."), "shield-off"),
    ("suppressions.index", MANAGER, _("Suppressions"), _("Addresses and numbers that must not be used."), "ban"),
    ("dispositions.index", ADMIN, _("Dispositions"), _("How a call can end, and when to come back."), "phone"),
    (
        "guardrails.index",
        ADMIN,
        _("Guardrails"),
        _("When and how often debtors may be contacted, per country."),
        "scale",
    ),
    ("imports.index", MANAGER, _("Import"), _("Accounts and entries from files."), "upload"),
    ("profile.edit", COLLECTOR, _("Your profile"), _("Name, language, password, devices."), "user"),
)
"""Endpoint, role needed, name, what it is for, icon; a place appears once its page exists."""


@bp.get("")
def index() -> ResponseReturnValue:
    places = [
        (url_for(endpoint), label, text, icon)
        for endpoint, role, label, text, icon in PLACES
        if endpoint in current_app.view_functions and may(role)
    ]
    return render_template("settings/index.html", places=places)
