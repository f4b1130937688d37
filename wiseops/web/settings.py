"""The settings index: what an admin can set, and where."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

bp = Blueprint("settings", __name__, url_prefix="/settings")

PLACES = (
    ("company.edit", _("Company"), _("Creditor name, address, logo, how to pay, senders, terms."), "building-2"),
    ("users.index", _("Users"), _("Who signs in, and in which role."), "users"),
    ("plans.index", _("Plans"), _("Which accounts are chased, in which steps."), "workflow"),
    ("templates.index", _("Templates"), _("The texts of messages, per channel and language."), "file-text"),
    ("exclusions.index", _("Exclusions"), _("Accounts that automation leaves alone."), "shield-off"),
    ("imports.index", _("Import"), _("Accounts and entries from files, and their column profiles."), "upload"),
)


@bp.get("")
def index() -> ResponseReturnValue:
    places = [
        (url_for(endpoint), label, text, icon)
        for endpoint, label, text, icon in PLACES
        if endpoint in current_app.view_functions
    ]
    return render_template("settings/index.html", places=places)
