"""The sidebar: a place appears once its page exists."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the sidebar, as the template draws it."""

    label: str
    href: str
    icon: str
    current: bool


PLACES = (
    ("worklist.index", _("Worklist"), "list-checks"),
    ("accounts.index", _("Accounts"), "users"),
    ("auto_collection.index", _("Auto Collection"), "workflow"),
    ("debits.index", _("Direct debit"), "landmark"),
    ("agencies.index", _("Agencies"), "building-2"),
    ("reports.index", _("Reports"), "chart-column"),
    ("settings.index", _("Settings"), "settings"),
)


def places() -> list[Place]:
    """What the sidebar shows now; the place whose path one is under is current."""
    return [
        Place(str(label), url_for(endpoint), icon, request.path.startswith(url_for(endpoint).rstrip("/") + "/"))
        if request.path != url_for(endpoint)
        else Place(str(label), url_for(endpoint), icon, True)
        for endpoint, label, icon in PLACES
        if endpoint in current_app.view_functions
    ]
